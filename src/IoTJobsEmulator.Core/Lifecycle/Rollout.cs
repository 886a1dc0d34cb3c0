using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Finds the things that are a job's targets, and queues their executions at the job's rate: as many as it allows at the start of
/// each minute, counted from the start of the rollout, the first before CreateJob answers.
/// </summary>
public static class Rollout
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Takes in targets of a job from an index on: when it is created, or unpaced when targets are associated with it. The first
    /// thousand executions are there when the caller is answered, the rest is due work.
    /// </summary>
    public static void TakeIn(Realm realm, string jobId, int fromTarget, bool isUnpaced)
    {
        var job = realm.Jobs.Find(jobId)!;
        List<WaitingTarget> things = [];
        var upTo = realm.NextOrdinal();
        for (var index = fromTarget; index < job.Targets.Count; index++)
        {
            if (job.Targets[index].ThingGroupId is { } groupId)
                PutExpansion(realm, new() { JobId = jobId, ThingGroupId = groupId, TargetIndex = index, UpTo = upTo, IsUnpaced = isUnpaced, Ordinal = realm.NextOrdinal() });
            else
                things.Add(Target(realm, jobId, job.Targets[index].ThingName!, index));
        }
        Admit(realm, jobId, things, upTo, isUnpaced);
        var budget = DueWork.ChangesPerTurn;
        while (budget > 0 && realm.Jobs.Find(jobId) is { NeedsRollout: true })
            budget -= Step(realm, jobId, budget);
        Consequences.Complete(realm, jobId);
    }

    /// <summary>Begins the rollout's first minute, if not too many jobs roll out already: then it waits for one of them to finish.</summary>
    public static void Begin(Realm realm, string jobId)
    {
        if (!MayBegin(realm))
            return;
        realm.Jobs.Change(jobId, job => NextMinute(realm, job with { HasBegun = true, RolloutDueAt = realm.Now }));
    }

    /// <summary>Begins a minute of a rollout. The rate follows from the counts as they now stand.</summary>
    public static void NextMinute(Realm realm, string jobId) => realm.Jobs.Change(jobId, job => NextMinute(realm, job));

    private static Job NextMinute(Realm realm, Job job) => job with
    {
        RolloutAllowance = realm.Settings.Rollout == RolloutMode.immediate ? int.MaxValue : job.PerMinute,
        RolloutDueAt = job.RolloutDueAt + Minute,
    };

    public static bool MayBegin(Realm realm) => realm.Jobs.Concurrent.Count < realm.Settings.ConcurrentJobs;

    /// <summary>Goes on with the rollout of a job, by at most so many targets; answers how many.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var number = realm.TargetExpansions.OfJob.First(jobId) is { } expansion ? Expand(realm, expansion, budget) : QueueWaiting(realm, jobId, budget);
        Consequences.Complete(realm, jobId);
        return number;
    }

    /// <summary>A thing joins a continuous job: its execution is queued at once, outside any rate, or waits for the job to start.</summary>
    public static void Join(Realm realm, string jobId, string thingName, int targetIndex) =>
        Admit(realm, jobId, [Target(realm, jobId, thingName, targetIndex)], upTo: realm.NextOrdinal(), isUnpaced: true);

    /// <summary>Failures have earned another attempt, outside any rate: at once, or in the next maintenance window.</summary>
    public static void Retry(Realm realm, string jobId, List<(JobExecution Finished, int TargetIndex)> failures)
    {
        var next = failures.ConvertAll(failure => Target(realm, jobId, failure.Finished.ThingName, failure.TargetIndex) with
        {
            RetryAttempt = failure.Finished.RetryAttempt + 1,
            RetriesOfTimeouts = failure.Finished.RetriesOfTimeouts + (failure.Finished.Status == JobExecutionStatus.TIMED_OUT ? 1 : 0),
        });
        Admit(realm, jobId, next, upTo: realm.NextOrdinal(), isUnpaced: true);
    }

    /// <summary>Takes away what waits for a job's rollout, by at most so many rows; answers how many.</summary>
    public static int Drop(Realm realm, string jobId, int budget)
    {
        var expansions = realm.TargetExpansions.OfJob.In(jobId).Take(budget).ToList();
        foreach (var expansion in expansions)
            realm.TargetExpansions.Remove(expansion.Key);
        var waiting = realm.WaitingTargets.OfJob.In(jobId).Take(budget - expansions.Count).ToList();
        foreach (var target in waiting)
            realm.WaitingTargets.Remove(target.Key);
        if (expansions.Count + waiting.Count > 0)
            realm.Jobs.Change(jobId, job => job with { Expanding = job.Expanding - expansions.Count, Waiting = job.Waiting - waiting.Count });
        return expansions.Count + waiting.Count;
    }

    /// <summary>Takes a thing out of the queue of a rollout, if it is in it.</summary>
    public static void DropWaiting(Realm realm, string jobId, string thingName)
    {
        if (realm.WaitingTargets.Find((jobId, thingName)) is not { } waiting)
            return;
        realm.WaitingTargets.Remove(waiting.Key);
        realm.Jobs.Change(jobId, job => job with { Waiting = job.Waiting - 1 });
        Consequences.Complete(realm, jobId);
    }

    /// <summary>
    /// A thing that leaves a group before a snapshot job's rollout has come to it stays a target: what counts is who was a member
    /// when the job was created.
    /// </summary>
    public static void AdmitLeaver(Realm realm, Membership membership, ThingGroup ancestorOrSelf)
    {
        if (realm.TargetExpansions.Count == 0)
            return;
        foreach (var expansion in realm.TargetExpansions.OfGroup.In(ancestorOrSelf.ThingGroupId).ToList())
        {
            var isPassed = ancestorOrSelf.ThingGroupId == membership.ThingGroupId ? membership.Ordinal <= expansion.Through : expansion.Through is not null;
            if (!isPassed && membership.Ordinal < expansion.UpTo && realm.Jobs.Find(expansion.JobId)!.TargetSelection == TargetSelection.SNAPSHOT)
                Admit(realm, expansion.JobId, [Target(realm, expansion.JobId, membership.ThingName, expansion.TargetIndex)], expansion.UpTo, expansion.IsUnpaced);
        }
    }

    /// <summary>
    /// A group that is deleted before a rollout has come to the group above it is gone through by itself: its things are still
    /// targets of a snapshot job, but it is nobody's child any more.
    /// </summary>
    public static void AdmitDeleted(Realm realm, ThingGroup group)
    {
        if (realm.TargetExpansions.Count == 0)
            return;
        foreach (var ancestor in GroupTree.AncestorsAndSelf(realm, group).Skip(1))
        {
            foreach (var expansion in realm.TargetExpansions.OfGroup.In(ancestor.ThingGroupId).Where(row => row.Through is null && group.Ordinal < row.UpTo).ToList())
            {
                if (realm.Jobs.Find(expansion.JobId)!.TargetSelection == TargetSelection.SNAPSHOT)
                    PutExpansion(realm, expansion with { ThingGroupId = group.ThingGroupId, Ordinal = realm.NextOrdinal() });
            }
        }
    }

    // A group's child groups become expansions of their own, then its members are gone through in the order of their joining.
    private static int Expand(Realm realm, TargetExpansion expansion, int budget)
    {
        if (expansion.Through is null)
        {
            foreach (var child in realm.ThingGroups.OfParent.In(expansion.ThingGroupId).Where(child => child.Ordinal < expansion.UpTo && !child.IsDeleted).ToList())
                PutExpansion(realm, expansion with { ThingGroupId = child.ThingGroupId, Ordinal = realm.NextOrdinal() });
        }
        var members = realm.Memberships.OfGroup.After(expansion.ThingGroupId, expansion.Through ?? 0)
            .TakeWhile(member => member.Ordinal < expansion.UpTo).Take(budget).ToList();
        Admit(realm, expansion.JobId, members.ConvertAll(member => Target(realm, expansion.JobId, member.ThingName, expansion.TargetIndex)), expansion.UpTo, expansion.IsUnpaced);
        if (members.Count == budget)
        {
            realm.TargetExpansions.Change(expansion.Key, row => row with { Through = members[^1].Ordinal });
            return budget;
        }
        realm.TargetExpansions.Remove(expansion.Key);
        realm.Jobs.Change(expansion.JobId, job => job with { Expanding = job.Expanding - 1 });
        return members.Count + 1;
    }

    // Queues what may be queued now, and lets the rest wait. Targets that overlap make one execution; a thing that ran before the
    // targets were named runs again, as if it had joined.
    private static void Admit(Realm realm, string jobId, List<WaitingTarget> targets, long upTo, bool isUnpaced)
    {
        var job = realm.Jobs.Find(jobId)!;
        var allowance = job.Status != JobStatus.IN_PROGRESS ? 0 : isUnpaced ? int.MaxValue : job.HasBegun && job.Waiting == 0 ? job.RolloutAllowance : 0;
        var queued = new List<Change<JobExecution>>(targets.Count);
        var waiting = 0;
        foreach (var target in targets)
        {
            if (!NeedsRun(realm, target, upTo))
                continue;
            if (realm.WaitingTargets.Find(target.Key) is { } earlier)
            {
                if (IsPresent(realm, earlier))
                    continue;
                // One whose thing was deleted waits in vain, and is not in the way of another of its name.
                realm.WaitingTargets.Remove(earlier.Key);
                waiting--;
            }
            if (queued.Count < allowance)
                queued.Add(Queue(realm, job, target));
            else
                waiting += realm.WaitingTargets.Put(target) is not null ? 1 : 0;
        }
        Take(realm, jobId, waiting, isUnpaced ? 0 : queued.Count);
        Consequences.Apply(realm, jobId, [.. queued]);
    }

    private static int QueueWaiting(Realm realm, string jobId, int budget)
    {
        var job = realm.Jobs.Find(jobId)!;
        var next = realm.WaitingTargets.OfJob.In(jobId).Take(Math.Min(budget, job.RolloutAllowance)).ToList();
        foreach (var waiting in next)
            realm.WaitingTargets.Remove(waiting.Key);
        var present = next.FindAll(waiting => IsPresent(realm, waiting));
        Take(realm, jobId, -next.Count, present.Count);
        Consequences.Apply(realm, jobId, [.. present.Select(waiting => Queue(realm, job, waiting))]);
        return next.Count;
    }

    private static void Take(Realm realm, string jobId, int waiting, int ofAllowance)
    {
        if (waiting == 0 && ofAllowance == 0)
            return;
        realm.Jobs.Change(jobId, job => job with
        {
            Waiting = job.Waiting + waiting,
            RolloutAllowance = job.RolloutAllowance == int.MaxValue ? int.MaxValue : job.RolloutAllowance - ofAllowance,
        });
    }

    private static bool NeedsRun(Realm realm, WaitingTarget target, long upTo) =>
        Settle.Latest(realm, target.JobId, target.ThingName) is not { } newest || (newest.IsTerminal && newest.Ordinal < upTo);

    // A thing that was deleted meanwhile is no target any more, even if there is a new one of its name.
    private static bool IsPresent(Realm realm, WaitingTarget waiting) =>
        realm.Things.Find(waiting.ThingName) is { } thing && thing.Ordinal < waiting.Ordinal;

    private static void PutExpansion(Realm realm, TargetExpansion expansion)
    {
        realm.TargetExpansions.Put(expansion);
        realm.Jobs.Change(expansion.JobId, job => job with { Expanding = job.Expanding + 1 });
    }

    private static WaitingTarget Target(Realm realm, string jobId, string thingName, int targetIndex) =>
        new() { JobId = jobId, ThingName = thingName, TargetIndex = targetIndex, Ordinal = realm.NextOrdinal() };

    private static Change<JobExecution> Queue(Realm realm, Job job, WaitingTarget target)
    {
        var newest = realm.Executions.OfJobOnThing.First((job.JobId, target.ThingName));
        return realm.Executions.Put(new()
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
}
