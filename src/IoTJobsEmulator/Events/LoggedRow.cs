using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Events.EmulatorEventChange;

namespace IoTJobsEmulator.Events;

/// <summary>What the event of a changed row shows of it. It refers only to texts and maps that the versions of a row share.</summary>
/// <param name="Type">What kind of row it is.</param>
/// <param name="Change">What became of it.</param>
internal readonly record struct LoggedRow(EmulatorEventType Type, EmulatorEventChange Change)
{
    /// <summary>What a row counts for, without what callers can make long.</summary>
    private const int RowBytes = 200;

    /// <summary>The id of a job, or of an execution's job; null for other rows.</summary>
    private string? JobId { get; init; }

    /// <summary>The name of a thing, or of the thing of an execution or a membership; of a group its name.</summary>
    private string? Name { get; init; }

    /// <summary>The id of a group; the status details of an execution; the counts of a job.</summary>
    private object? Detail { get; init; }

    private long ExecutionNumber { get; init; }

    private long Version { get; init; }

    /// <summary>The status of a job or an execution, as a number.</summary>
    private int Status { get; init; }

    /// <summary>About how much memory it takes.</summary>
    public int Bytes => RowBytes + BytesOf(JobId) + BytesOf(Name) + BytesOf(Detail as ValueMap);

    public static bool HasEvents(RowChange change) => change is Change<JobExecution> or Change<Job> or Change<Thing> or Change<ThingGroup> or Change<Membership>;

    /// <summary>What is shown of a row; null when nothing of it has changed that is shown.</summary>
    public static LoggedRow? Of(object? before, object? after) => (before, after ?? before) switch
    {
        (null, null) => null, // came and went within the turn
        (Job old, Job job) when after is not null && old.Status == job.Status && old.LastUpdatedAt == job.LastUpdatedAt && old.Counts == job.Counts && !IsUpdated(old, job) => null,
        (_, Job job) => New(EmulatorEventType.job, before, after) with { JobId = job.JobId, Status = (int)job.Status, Detail = job.Counts },
        (JobExecution old, JobExecution execution) when after is not null && old.Status == execution.Status && old.VersionNumber == execution.VersionNumber => null,
        (_, JobExecution execution) => New(EmulatorEventType.execution, before, after) with
        {
            JobId = execution.JobId,
            Name = execution.ThingName,
            ExecutionNumber = execution.ExecutionNumber,
            Status = (int)execution.Status,
            Version = execution.VersionNumber,
            Detail = execution.StatusDetails,
        },
        (_, Thing thing) => New(EmulatorEventType.thing, before, after) with { Name = thing.ThingName, Version = thing.Version },
        (_, ThingGroup group) => OfGroup(before as ThingGroup, after as ThingGroup, group),
        (_, Membership membership) => New(EmulatorEventType.membership, before, after) with { Detail = membership.ThingGroupId, Name = membership.ThingName },
        _ => null,
    };

    /// <summary>The event.</summary>
    /// <param name="begun">The event with its number, its time and whose it is.</param>
    public EmulatorEvent Complete(EmulatorEvent begun)
    {
        begun = begun with { Change = Change };
        return Type switch
        {
            EmulatorEventType.job => begun with { JobId = JobId, Status = ((JobStatus)Status).ToString(), Counts = Counts((JobExecutionCounts)Detail!) },
            EmulatorEventType.execution => begun with
            {
                JobId = JobId,
                Thing = Name,
                ExecutionNumber = ExecutionNumber,
                Status = ((JobExecutionStatus)Status).ToString(),
                Version = Version,
                StatusDetails = Detail is ValueMap { Count: > 0 } details ? details : null,
            },
            EmulatorEventType.thing => begun with { Thing = Name, Version = Version },
            EmulatorEventType.group => begun with { Group = Name, GroupId = (string)Detail!, Version = Version },
            _ => begun with { GroupId = (string)Detail!, Thing = Name },
        };
    }

    /// <summary>Whether UpdateJob has changed it. The moment of its last update is the same while the clock stands still.</summary>
    private static bool IsUpdated(Job before, Job after) => before.Description != after.Description || before.PresignedUrlConfig != after.PresignedUrlConfig
        || before.RolloutConfig != after.RolloutConfig || before.AbortConfig != after.AbortConfig || before.TimeoutConfig != after.TimeoutConfig
        || before.RetryConfig != after.RetryConfig;

    /// <summary>A group is gone for callers once it is marked as deleted; its row goes when its last member has left.</summary>
    private static LoggedRow? OfGroup(ThingGroup? before, ThingGroup? after, ThingGroup group)
    {
        if (before is { IsDeleted: true } || (before is not null && after is { IsDeleted: false } && before.Version == after.Version && before.Status == after.Status))
            return null;
        var row = New(EmulatorEventType.group, before, after is { IsDeleted: true } ? null : after);
        return row with { Name = group.ThingGroupName, Detail = group.ThingGroupId, Version = group.Version };
    }

    private static LoggedRow New(EmulatorEventType type, object? before, object? after) => new(type, before is null ? created : after is null ? deleted : updated);

    private static Dictionary<string, int> Counts(JobExecutionCounts counts) => Enum.GetValues<JobExecutionStatus>()
        .Select(status => (Name: status.ToString(), Count: counts.Of(status)))
        .Where(counted => counted.Count > 0)
        .ToDictionary(counted => counted.Name, counted => counted.Count);

    private static int BytesOf(string? text) => 2 * (text?.Length ?? 0);

    private static int BytesOf(ValueMap? map)
    {
        var bytes = 0;
        if (map is { Count: > 0 })
        {
            foreach (var (name, value) in map)
                bytes += 100 + BytesOf(name) + BytesOf(value);
        }
        return bytes;
    }
}
