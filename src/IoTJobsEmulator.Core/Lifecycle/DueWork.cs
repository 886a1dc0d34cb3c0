using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Everything that happens unasked. What is owed at once comes first (a rollout, a cancellation, a deletion, whatever the clock
/// says), then what falls due, in order of time. One step is a turn of at most a thousand of a fleet, so that requests go on between.
/// </summary>
public static class DueWork
{
    /// <summary>Rows of a fleet that one turn changes; measured: waiting requests do not notice a thousand.</summary>
    public const int ChangesPerTurn = 1000;

    /// <summary>Owed at once: due whatever the clock says.</summary>
    private static readonly Moment Always = new(long.MinValue);

    /// <summary>The next moment at which something is due, over all realms: long past when something is owed at once.</summary>
    public static Moment? NextDue(World world) => world.Realms.Min(realm => NextDue(realm));

    /// <summary>Does the earliest thing that is due. Answers the realm that it changed, or null when nothing was due.</summary>
    public static Realm? Step(World world)
    {
        if (NextDue(world) is not { } next || next > world.Now)
            return null;
        var realm = world.Realms.First(realm => NextDue(realm) == next);
        Step(realm);
        return realm;
    }

    /// <summary>The same in one realm.</summary>
    public static Moment? NextDue(Realm realm) => realm.Jobs.Owing.Any(true) || RegistryDeletion.IsOwed(realm) || DynamicGroups.IsOwed(realm) || IsSlotFree(realm)
        ? Always
        : Job.Earliest(Timeouts.DueAt(realm), realm.Jobs.Due.First(true)?.DueAt);

    private static void Step(Realm realm)
    {
        if (realm.Jobs.Owing.First(true) is { } owing)
            Owed(realm, owing);
        else if (RegistryDeletion.IsOwed(realm))
            RegistryDeletion.Step(realm, ChangesPerTurn);
        else if (DynamicGroups.IsOwed(realm))
            DynamicGroups.Step(realm, ChangesPerTurn);
        else if (IsSlotFree(realm))
            Rollout.Begin(realm, realm.Jobs.AwaitingSlot.First(true)!.JobId);
        else if (Timeouts.DueAt(realm) is { } timeout && !(realm.Jobs.Due.First(true)?.DueAt < timeout))
            Timeouts.Step(realm, ChangesPerTurn);
        else
            Schedule.Due(realm, realm.Jobs.Due.First(true)!);
    }

    private static void Owed(Realm realm, Job job)
    {
        if (job.Status == JobStatus.DELETION_IN_PROGRESS)
            JobDeletion.Step(realm, job.JobId, ChangesPerTurn);
        else if (job.OwesCancellation)
            Cancellation.Step(realm, job.JobId, ChangesPerTurn);
        else if (job.OwesVisibility)
            Visibility.Step(realm, job.JobId, ChangesPerTurn);
        else
            Rollout.Step(realm, job.JobId, ChangesPerTurn);
    }

    // A job that waits for others to finish their rollouts waits for no moment.
    private static bool IsSlotFree(Realm realm) => realm.Jobs.AwaitingSlot.Any(true) && Rollout.MayBegin(realm);
}
