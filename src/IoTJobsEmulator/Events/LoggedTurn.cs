using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Turns;
using static IoTJobsEmulator.Events.EmulatorEventChange;

namespace IoTJobsEmulator.Events;

/// <summary>
/// The rows that a turn has changed, as they were and as they are: those of which there are events. Rows never change, so they are only referred to.
/// A row that was changed several times in the turn gives one event, with the number of its last change.
/// </summary>
internal sealed class LoggedTurn : LoggedEvents
{
    private const int RowBytes = 400;

    private readonly (object? Before, object? After)[] _rows;

    private LoggedTurn(Tenant tenant, Moment at, (object? Before, object? After)[] rows) : base(tenant, at)
    {
        _rows = rows;
        foreach (var (before, after) in rows)
            Bytes += BytesOf(after ?? before);
    }

    public override int Count => _rows.Length;

    public override int Bytes { get; }

    /// <summary>What is kept of a turn; null when it has changed nothing of which there are events. The tables of its changes are not kept.</summary>
    public static LoggedTurn? Of(Tenant tenant, TurnEnded turn)
    {
        var count = 0;
        foreach (var change in turn.Changes)
            count += HasEvents(change) ? 1 : 0;
        if (count == 0)
            return null;
        var rows = new (object?, object?)[count];
        count = 0;
        foreach (var change in turn.Changes)
        {
            if (HasEvents(change))
                rows[count++] = (change.RowBefore, change.RowAfter);
        }
        return new(tenant, turn.At, rows);
    }

    public override IEnumerable<EmulatorEvent> Events()
    {
        var last = new Dictionary<object, int>();
        var first = new Dictionary<object, object?>();
        for (var i = 0; i < _rows.Length; i++)
        {
            var key = KeyOf(_rows[i].After ?? _rows[i].Before!);
            last[key] = i;
            first.TryAdd(key, _rows[i].Before);
        }
        for (var i = 0; i < _rows.Length; i++)
        {
            var key = KeyOf(_rows[i].After ?? _rows[i].Before!);
            if (last[key] == i && Event(i, first[key], _rows[i].After) is { } found)
                yield return found;
        }
    }

    private static bool HasEvents(RowChange change) => change is Change<JobExecution> or Change<Job> or Change<Thing> or Change<ThingGroup> or Change<Membership>;

    private static object KeyOf(object row) => row switch
    {
        Job job => (nameof(Job), job.Key),
        JobExecution execution => execution.Key,
        Thing thing => (nameof(Thing), thing.Key),
        ThingGroup group => (nameof(ThingGroup), group.Key),
        _ => ((Membership)row).Key,
    };

    /// <summary>The event of a row; null when nothing of it has changed that is shown.</summary>
    private EmulatorEvent? Event(int place, object? before, object? after)
    {
        if (before is null && after is null)
            return null; // came and went within the turn
        return (before, after ?? before) switch
        {
            (Job old, Job job) when after is not null && old.Status == job.Status && old.LastUpdatedAt == job.LastUpdatedAt && old.Counts == job.Counts && !IsUpdated(old, job) => null,
            (_, Job job) => Event(EmulatorEventType.job, place, before, after) with { JobId = job.JobId, Status = job.Status.ToString(), Counts = Counts(job) },
            (JobExecution old, JobExecution execution) when after is not null && old.Status == execution.Status && old.VersionNumber == execution.VersionNumber => null,
            (_, JobExecution execution) => Event(EmulatorEventType.execution, place, before, after) with
            {
                JobId = execution.JobId,
                Thing = execution.ThingName,
                ExecutionNumber = execution.ExecutionNumber,
                Status = execution.Status.ToString(),
                Version = execution.VersionNumber,
                StatusDetails = execution.StatusDetails is { Count: > 0 } details ? details : null,
            },
            (_, Thing thing) => Event(EmulatorEventType.thing, place, before, after) with { Thing = thing.ThingName, Version = thing.Version },
            (_, ThingGroup group) => GroupEvent(place, before as ThingGroup, after as ThingGroup, group),
            (_, Membership membership) => Event(EmulatorEventType.membership, place, before, after) with { GroupId = membership.ThingGroupId, Thing = membership.ThingName },
            _ => null,
        };
    }

    /// <summary>Whether UpdateJob has changed it. The moment of its last update is the same while the clock stands still.</summary>
    private static bool IsUpdated(Job before, Job after) => before.Description != after.Description || before.PresignedUrlConfig != after.PresignedUrlConfig
        || before.RolloutConfig != after.RolloutConfig || before.AbortConfig != after.AbortConfig || before.TimeoutConfig != after.TimeoutConfig
        || before.RetryConfig != after.RetryConfig;

    /// <summary>A group is gone for callers once it is marked as deleted; its row goes when its last member has left.</summary>
    private EmulatorEvent? GroupEvent(int place, ThingGroup? before, ThingGroup? after, ThingGroup group)
    {
        if (before is { IsDeleted: true } || (before is not null && after is { IsDeleted: false } && before.Version == after.Version && before.Status == after.Status))
            return null;
        var found = Event(EmulatorEventType.group, place, before, after is { IsDeleted: true } ? null : after);
        return found with { Group = group.ThingGroupName, GroupId = group.ThingGroupId, Version = group.Version };
    }

    private EmulatorEvent Event(EmulatorEventType type, int place, object? before, object? after) =>
        New(type, place) with { Change = before is null ? created : after is null ? deleted : updated };

    private static Dictionary<string, int> Counts(Job job) => Enum.GetValues<JobExecutionStatus>()
        .Select(status => (Name: status.ToString(), Count: job.Counts.Of(status)))
        .Where(counted => counted.Count > 0)
        .ToDictionary(counted => counted.Name, counted => counted.Count);

    /// <summary>About how much memory a row takes: what callers can make long is counted.</summary>
    private static int BytesOf(object? row) => RowBytes + row switch
    {
        JobExecution execution => BytesOf(execution.StatusDetails),
        Thing thing => BytesOf(thing.Attributes),
        Job job => BytesOf(job.Description) + BytesOf(job.Comment) + BytesOf(job.DocumentParameters) + (200 * job.Targets.Count),
        ThingGroup group => BytesOf(group.Description) + BytesOf(group.Attributes) + BytesOf(group.QueryString) + BytesOf(group.Path),
        _ => 0,
    };

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
