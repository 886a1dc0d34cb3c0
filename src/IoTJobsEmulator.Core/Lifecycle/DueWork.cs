using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Everything that happens unasked. What is owed at once comes first (a rollout, a cancellation, a deletion, whatever the clock
/// says), then what falls due, in order of time. One step is a turn of at most a thousand changes, so that requests go on between.
/// </summary>
public static class DueWork
{
    /// <summary>Rows of a fleet that one turn changes; measured: waiting requests do not notice a thousand.</summary>
    public const int ChangesPerTurn = 1000;

    /// <summary>The next moment at which something is due, over all realms: now or earlier when something is owed at once.</summary>
    public static Moment? NextDue(World world)
    {
        Moment? next = null;
        foreach (var realm in world.Realms)
        {
            var due = NextDue(realm);
            if (next is null || due < next)
                next = due ?? next;
        }
        return next;
    }

    /// <summary>Does the earliest thing that is due. Answers the realm that it changed, or null when nothing was due.</summary>
    public static Realm? Step(World world)
    {
        var earliest = world.Realms.MinBy(realm => NextDue(realm)?.Milliseconds ?? long.MaxValue);
        return earliest is not null && NextDue(earliest) <= world.Now && Step(earliest) ? earliest : null;
    }

    private static Moment? NextDue(Realm realm)
    {
        if (realm.Jobs.Owing.Any(true) || Departure.IsOwed(realm))
            return new(long.MinValue);
        return realm.Jobs.Due.First(true)?.DueAt;
    }

    private static bool Step(Realm realm)
    {
        if (realm.Jobs.Owing.First(true) is { } owing)
            return Owed(realm, owing) > 0;
        if (Departure.Step(realm, ChangesPerTurn))
            return true;
        if (realm.Jobs.Due.First(true) is not { } job || job.DueAt > realm.Now)
            return false;
        Deletion.End(realm, job.JobId);
        return true;
    }

    private static int Owed(Realm realm, Job job) => job.Status switch
    {
        JobStatus.DELETION_IN_PROGRESS => Deletion.Step(realm, job.JobId, ChangesPerTurn),
        JobStatus.CANCELED => Cancellation.Step(realm, job.JobId, ChangesPerTurn),
        _ => Rollout.Step(realm, job.JobId, ChangesPerTurn),
    };
}
