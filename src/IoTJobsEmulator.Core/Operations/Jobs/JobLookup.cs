using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <summary>Finds what callers name, or refuses in the service's words.</summary>
internal static class JobLookup
{
    /// <summary>The job of an id.</summary>
    public static Job GetJob(Realm realm, string jobId) =>
        realm.Jobs.Find(jobId) ?? throw ServiceError.ResourceNotFound.Because($"Job {jobId} cannot be found.");

    /// <summary>The targets that ARNs name. Those of another account or region are as unknown as those that are not there.</summary>
    public static ValueList<JobTarget> GetTargets(Realm realm, ValueList<string> arns) =>
        arns.Count == 1 ? ValueList<JobTarget>.Wrap([GetTarget(realm, arns[0])]) : new(arns.Distinct().Select(arn => GetTarget(realm, arn)));

    private static JobTarget GetTarget(Realm realm, string text)
    {
        if (Arn.NameIn(realm, Arn.ThingType, text) is { } thingName && realm.Things.Find(thingName) is { } thing)
            return new(text, thing.ThingName, null);
        if (Arn.NameIn(realm, Arn.ThingGroupType, text) is { } groupName && realm.ThingGroups.OfName.First(groupName) is { } group)
            return new(text, null, group.ThingGroupId);
        if (!Arn.TryParse(text, out var arn) || arn.ResourceType is not (Arn.ThingType or Arn.ThingGroupType))
            throw ServiceError.InvalidRequest.Because($"Target {text} is not the ARN of a thing or a thing group.");
        throw ServiceError.ResourceNotFound.Because($"Target {text} cannot be found.");
    }
}
