namespace IoTJobsEmulator.Core.Operations.DynamicThingGroups;

/// <summary>The one index and the one version of its queries that there are. Source: API_CreateDynamicThingGroup.</summary>
internal static class DynamicGroupQuery
{
    public const string IndexName = "AWS_Things", QueryVersion = "2017-09-30";

    /// <summary>Refuses any other. How the service words it is not public.</summary>
    public static void Check(string? indexName, string? queryVersion)
    {
        if (indexName is not (null or IndexName))
            throw ServiceError.ResourceNotFound.Because($"Index {indexName} cannot be found.");
        if (queryVersion is not (null or QueryVersion))
            throw ServiceError.InvalidQuery.Because($"Query version {queryVersion} is not supported. Supported is {QueryVersion}.");
    }
}
