namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A target of a job: a thing or a thing group. A group is meant by its id, so that one deleted and made again under the same
/// name is another.
/// </summary>
public sealed record JobTarget(string Arn, string? ThingName, string? ThingGroupId);
