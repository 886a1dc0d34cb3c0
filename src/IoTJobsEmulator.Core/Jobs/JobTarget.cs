namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A target of a job: a thing or a thing group. A group is identified by its id, so a group that is deleted and created again under
/// the same name is another target.
/// </summary>
public sealed record JobTarget(string Arn, string? ThingName, string? ThingGroupId);
