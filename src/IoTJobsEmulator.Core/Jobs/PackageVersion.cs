namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A version of a software package, which a job installs: <c>arn:aws:iot:REGION:ACCOUNT:package/NAME/version/VERSION</c>. There is no
/// package catalog here, so whether it exists is not asked. Source: API_CreateJob; the developer guide, "Software Package Catalog".
/// </summary>
public static class PackageVersion
{
    /// <summary>Refuses what is no ARN of a package version. How the service words it is not public.</summary>
    public static void Check(ValueList<string>? destinationPackageVersions)
    {
        if (destinationPackageVersions is null)
            return;
        foreach (var text in destinationPackageVersions)
        {
            if (!Arn.TryParse(text, out var arn) || arn.ResourceType != Arn.PackageType || arn.ResourceId.Split('/') is not [{ Length: > 0 }, "version", { Length: > 0 }])
                throw ServiceError.InvalidRequest.Because($"{text} at destinationPackageVersions is not the ARN of a package version.");
        }
    }
}
