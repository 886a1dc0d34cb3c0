using System.Runtime.InteropServices;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Queues the executions of a job's targets at the job's rate: as many as it allows at the start of each minute, counted from the start
/// of the rollout, the first before CreateJob answers. Which things are targets is up to <see cref="JobTargets"/>.
/// </summary>
public static class Rollout
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Begins the rollout's first minute, if not too many jobs roll out already: then it waits for one of them to finish.</summary>
    public static void Begin(Realm realm, string jobId)
    {
        if (MayBegin(realm))
            realm.Jobs.Change(jobId, job =>
            {
                var (allowance, nextAt) = FirstMinute(realm, job.RatePerMinute);
                return job with { HasRolloutBegun = true, RolloutAllowance = allowance, RolloutDueAt = nextAt };
            });
    }

    /// <summary>How many executions the first minute of a rollout that begins now may queue at a job's rate, and when the next minute begins.</summary>
    public static (int Allowance, Moment NextAt) FirstMinute(Realm realm, int ratePerMinute) => (AllowanceOf(realm, ratePerMinute), realm.Now + Minute);

    /// <summary>Begins a minute of a rollout. The rate follows from the counts as they now stand.</summary>
    public static void NextMinute(Realm realm, string jobId) =>
        realm.Jobs.Change(jobId, job => job with { RolloutAllowance = AllowanceOf(realm, job.RatePerMinute), RolloutDueAt = job.RolloutDueAt + Minute });

    /// <summary>How many executions a minute may queue at a job's rate: all of them when rollouts are immediate.</summary>
    private static int AllowanceOf(Realm realm, int ratePerMinute) => realm.Settings.Rollout == RolloutMode.immediate ? int.MaxValue : ratePerMinute;

    /// <summary>Whether not too many jobs roll out already.</summary>
    public static bool MayBegin(Realm realm) => realm.Jobs.Concurrent.Count < realm.Settings.ConcurrentJobs;

    /// <summary>Goes on with the rollout of a job, by at most so many changes; answers how many it made.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var number = realm.TargetExpansions.OfJob.First(jobId) is { } expansion ? JobTargets.Expand(realm, expansion, budget) : QueueWaiting(realm, jobId, budget);
        Consequences.Complete(realm, jobId);
        return number;
    }

    /// <summary>A thing joins a continuous job: its execution is queued at once, outside any rate, or waits for the job to start.</summary>
    public static void Join(Realm realm, string jobId, string thingName, int targetIndex) =>
        Admit(realm, jobId, cutoffOrdinal: realm.NextOrdinal(), isUnpaced: true, [new(thingName, targetIndex)]);

    /// <summary>Failures have earned another attempt, outside any rate: at once, or in the next maintenance window.</summary>
    internal static void Retry(Realm realm, string jobId, StructList<RolloutTarget> retries) =>
        Admit(realm, jobId, cutoffOrdinal: realm.NextOrdinal(), isUnpaced: true, retries);

    /// <summary>Takes away what waits for a job's rollout, by at most so many rows; answers how many.</summary>
    public static int DropTargets(Realm realm, string jobId, int budget)
    {
        var expansions = realm.TargetExpansions.OfJob.RowsIn(jobId).Take(budget).ToList();
        foreach (var expansion in expansions)
            realm.TargetExpansions.Remove(expansion.Key);
        var waiting = realm.WaitingTargets.OfJob.RowsIn(jobId).Take(budget - expansions.Count).ToList();
        foreach (var target in waiting)
            realm.WaitingTargets.Remove(target.Key);
        if (expansions.Count + waiting.Count > 0)
            realm.Jobs.Change(jobId, job => job with { ExpandingCount = job.ExpandingCount - expansions.Count, WaitingCount = job.WaitingCount - waiting.Count });
        return expansions.Count + waiting.Count;
    }

    /// <summary>Takes a thing out of the queue of a rollout, if it is in it.</summary>
    public static void DropTarget(Realm realm, string jobId, string thingName)
    {
        if (realm.WaitingTargets.Find(new(jobId, thingName)) is not { } waiting)
            return;
        realm.WaitingTargets.Remove(waiting.Key);
        realm.Jobs.Change(jobId, job => job with { WaitingCount = job.WaitingCount - 1 });
        Consequences.Complete(realm, jobId);
    }

    /// <summary>
    /// Queues the executions of targets that may be queued now, and lets the rest wait. Targets that overlap make one execution; a thing
    /// that ran before the targets were named (<paramref name="cutoffOrdinal"/>) runs again, as if it had joined.
    /// </summary>
    internal static void Admit(Realm realm, string jobId, long cutoffOrdinal, bool isUnpaced, StructList<RolloutTarget> targets)
    {
        var job = realm.Jobs.Find(jobId)!;
        var allowance = job.Status != JobStatus.IN_PROGRESS ? 0 : isUnpaced ? int.MaxValue : job.HasRolloutBegun && job.WaitingCount == 0 ? job.RolloutAllowance : 0;
        var queued = new List<Change<JobExecution>>(Math.Min(targets.Count, allowance));
        var waiting = 0;
        foreach (var target in targets)
        {
            var newest = ExecutionSettlement.SettleAndFindLatest(realm, jobId, target.ThingName);
            if (newest is not null && !(newest.IsTerminal && newest.Ordinal < cutoffOrdinal))
                continue;
            if (realm.WaitingTargets.Find(new(jobId, target.ThingName)) is { } earlier)
            {
                if (IsPresent(realm, earlier))
                    continue;
                // A waiting target whose thing was deleted gives way to a new thing of its name.
                realm.WaitingTargets.Remove(earlier.Key);
                waiting--;
            }
            if (queued.Count < allowance)
            {
                queued.Add(Queue(realm, job, target, newest));
                continue;
            }
            realm.WaitingTargets.Put(target.Waiting(jobId, realm.NextOrdinal()));
            waiting++;
        }
        Consequences.Apply(realm, jobId, new RolloutCount(waiting, isUnpaced ? 0 : queued.Count), CollectionsMarshal.AsSpan(queued));
    }

    private static int QueueWaiting(Realm realm, string jobId, int budget)
    {
        var job = realm.Jobs.Find(jobId)!;
        // Each is two changes: the waiting target goes and the execution comes.
        var next = realm.WaitingTargets.OfJob.RowsIn(jobId).Take(Math.Min(DueWork.PairsIn(budget), job.RolloutAllowance)).ToList();
        var queued = new List<Change<JobExecution>>(next.Count);
        foreach (var waiting in next)
        {
            realm.WaitingTargets.Remove(waiting.Key);
            if (IsPresent(realm, waiting))
                queued.Add(Queue(realm, job, waiting.Target, realm.Executions.LatestRun(jobId, waiting.ThingName)));
        }
        Consequences.Apply(realm, jobId, new RolloutCount(-next.Count, queued.Count), CollectionsMarshal.AsSpan(queued));
        return next.Count + queued.Count;
    }

    // A thing that was deleted meanwhile is no longer a target, even if there is a new one of its name.
    private static bool IsPresent(Realm realm, WaitingTarget waiting) =>
        realm.Things.Find(waiting.ThingName) is { } thing && thing.Ordinal < waiting.Ordinal;

    private static Change<JobExecution> Queue(Realm realm, Job job, RolloutTarget target, JobExecution? newest) => realm.Executions.Put(new()
    {
        JobId = job.JobId,
        ThingName = target.ThingName,
        ExecutionNumber = newest is null ? 1 : newest.ExecutionNumber + 1,
        Ordinal = realm.NextOrdinal(),
        NamespaceId = job.NamespaceId,
        QueuedAt = realm.Now,
        LastUpdatedAt = realm.Now,
        RetryAttempt = target.RetryAttempt,
        RetriesOfTimeouts = target.RetriesOfTimeouts,
    });
}
