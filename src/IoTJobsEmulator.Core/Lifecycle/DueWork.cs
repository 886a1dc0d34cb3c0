using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Everything that happens without a request: one ordered table of duties. The next due moment is the earliest of theirs; a step is
/// one of the first duty that has it. A step changes about <see cref="ChangesPerTurn"/> rows, so that requests are served between.
/// </summary>
public static class DueWork
{
    /// <summary>How many rows of a fleet a step changes. Measured: requests that wait for their turn do not notice so many.</summary>
    public const int ChangesPerTurn = 100;

    /// <summary>How many rows of a fleet the turn of the request that moves it changes, so that callers with small fleets find all done.</summary>
    public const int ChangesAtOnce = 1000;

    /// <summary>The moment of what is due whatever the clock says.</summary>
    public static readonly Moment AtOnce = new(long.MinValue);

    private static readonly Duty[] Duties =
    [
        new("the work of jobs", static realm => AtOnceIf(realm.Jobs.WithWork.Any), StepOfJob),
        new("the deletion of things and groups", static realm => AtOnceIf(RegistryDeletion.HasWork(realm)), static realm => RegistryDeletion.Step(realm, ChangesPerTurn)),
        new("the queries of dynamic groups", static realm => AtOnceIf(DynamicGroups.HasWork(realm)), static realm => DynamicGroups.Step(realm, ChangesPerTurn)),
        // A job that waits for others to finish their rollouts waits for no moment.
        new(
            "the start of waiting rollouts",
            static realm => AtOnceIf(realm.Jobs.AwaitingSlot.Any && Rollout.MayBegin(realm)),
            static realm => Rollout.Begin(realm, realm.Jobs.AwaitingSlot.First!.JobId)),
        new("changes of simulators", static realm => AtOnceIf(SimulatorChanges.HasWork(realm)), static realm => SimulatorChanges.Step(realm, ChangesPerTurn)),
        new("timeouts", Timeouts.DueAt, static realm => Timeouts.Step(realm, ChangesPerTurn)),
        new("the schedules of jobs", JobSchedule.DueAt, JobSchedule.Step) { ChangesAt = JobSchedule.ChangesAt },
        // Last, so that a device finds done what is due at the moment at which it calls.
        new("calls of simulated devices", SimulatedDevices.DueAt, static realm => SimulatedDevices.Step(realm, ChangesPerTurn)),
    ];

    /// <summary>The next moment at which something is due, over all realms: <see cref="AtOnce"/> when something is to be done at once.</summary>
    public static Moment? NextDue(World world) => Next(world)?.DueAt;

    /// <summary>
    /// The same, without what may as well be done later: a clock that is set ahead passes over the openings of maintenance windows in
    /// which nothing can happen. What was passed over is due where the clock stops, and done once.
    /// </summary>
    public static Moment? NextChange(World world)
    {
        Moment? next = null;
        foreach (var realm in world.Realms)
        {
            foreach (var duty in Duties)
            {
                if (duty.ChangesAt(realm) is { } moment && !(next <= moment))
                    next = moment;
            }
        }
        return next;
    }

    /// <summary>The same as <see cref="NextDue(World)"/> in one realm.</summary>
    public static Moment? NextDue(Realm realm) => Next(realm)?.DueAt;

    /// <summary>The duty of which <see cref="Step(World)"/> does a step when its moment has come; null when there is none.</summary>
    public static Duty? NextDuty(World world) => Next(world)?.Duty;

    /// <summary>How many duties, counted in each realm, have something that is due and not done yet.</summary>
    public static int CountDue(World world)
    {
        var count = 0;
        foreach (var realm in world.Realms)
        {
            foreach (var duty in Duties)
                count += duty.DueAt(realm) <= world.Now ? 1 : 0;
        }
        return count;
    }

    /// <summary>Does the earliest thing that is due. Answers the realm that it changed, or null when nothing was due.</summary>
    public static Realm? Step(World world)
    {
        if (Next(world) is not { } next || next.DueAt > world.Now)
            return null;
        Step(next.Realm, next.Duty);
        return next.Realm;
    }

    /// <summary>Does one step of a duty. One that is due and changes nothing would stay due for ever: that is an error of the emulator.</summary>
    public static void Step(Realm realm, Duty duty)
    {
        var changes = realm.Changes.Count;
        duty.Step(realm);
        if (realm.Changes.Count == changes)
            throw new InvalidOperationException($"{duty.Name} in {realm.Region} of {realm.Account}: due, but a step changed nothing.");
    }

    /// <summary>How many of something that is two changes each are done in so many changes: at least one, without which a step would change nothing.</summary>
    internal static int PairsIn(int budget) => Math.Max(1, budget / 2);

    /// <summary>
    /// Does the work of a job within the turn that causes it, up to so many changes; the rest is due work. A step
    /// without a change would be repeated for ever: that is an error of the emulator.
    /// </summary>
    /// <param name="realm">The realm of the job.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="isNeeded">Whether there is more to do.</param>
    /// <param name="step">Goes on by at most so many changes, and answers how many it made.</param>
    /// <param name="budget"><see cref="ChangesAtOnce"/> for a request that is about the job, else <see cref="ChangesPerTurn"/>.</param>
    internal static void Begin(Realm realm, string jobId, Func<Job, bool> isNeeded, Func<Realm, string, int, int> step, int budget)
    {
        while (budget > 0 && realm.Jobs.Find(jobId) is { } job && isNeeded(job))
        {
            var changes = step(realm, jobId, budget);
            if (changes == 0)
                throw new InvalidOperationException($"Job {jobId} has work, but a step changed nothing.");
            budget -= changes;
        }
    }

    private static (Realm Realm, Duty Duty, Moment DueAt)? Next(World world)
    {
        (Realm Realm, Duty Duty, Moment DueAt)? next = null;
        for (var i = 0; i < world.Realms.Count; i++)
        {
            var realm = world.Realms[i];
            if (Next(realm) is { } first && !(next?.DueAt <= first.DueAt))
                next = (realm, first.Duty, first.DueAt);
        }
        return next;
    }

    // The first duty of those that are due earliest.
    private static (Duty Duty, Moment DueAt)? Next(Realm realm)
    {
        (Duty Duty, Moment DueAt)? next = null;
        foreach (var duty in Duties)
        {
            if (duty.DueAt(realm) is { } moment && !(next?.DueAt <= moment))
                next = (duty, moment);
            if (next?.DueAt == AtOnce)
                break;
        }
        return next;
    }

    private static Moment? AtOnceIf(bool isDue) => isDue ? AtOnce : null;

    private static void StepOfJob(Realm realm)
    {
        var job = realm.Jobs.WithWork.First!;
        _ = job.Work switch
        {
            JobWork.Deletion => JobDeletion.Step(realm, job.JobId, ChangesPerTurn),
            JobWork.Cancellation => Cancellation.Step(realm, job.JobId, ChangesPerTurn),
            JobWork.Visibility => Visibility.Step(realm, job.JobId, ChangesPerTurn),
            JobWork.Rollout => Rollout.Step(realm, job.JobId, ChangesPerTurn),
            var work => throw new InvalidOperationException($"Job {job.JobId} is among those with work, but has {work?.ToString() ?? "none"}."),
        };
    }
}
