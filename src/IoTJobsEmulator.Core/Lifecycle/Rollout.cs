using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>Finds the things that are a job's targets, and queues their executions.</summary>
public static class Rollout
{
    /// <summary>
    /// Takes in targets of a job from an index on: when it is created, or when targets are associated with it. The first thousand
    /// executions are there when the caller is answered, the rest is due work.
    /// </summary>
    public static void Begin(Realm realm, string jobId, int fromTarget)
    {
        var job = realm.Jobs.Find(jobId)!;
        List<(string ThingName, int TargetIndex)> things = [];
        var upTo = realm.NextOrdinal();
        for (var index = fromTarget; index < job.Targets.Count; index++)
        {
            if (job.Targets[index].ThingGroupId is { } groupId)
                PutExpansion(realm, jobId, groupId, index, upTo);
            else
                things.Add((job.Targets[index].ThingName!, index));
        }
        Admit(realm, jobId, things, upTo);
        var budget = DueWork.ChangesPerTurn;
        while (budget > 0 && realm.Jobs.Find(jobId) is { OwesWork: true, IsOpen: true })
            budget -= Step(realm, jobId, budget);
        Consequences.Complete(realm, jobId);
    }

    /// <summary>Goes on with the rollout of a job, by at most so many changes; answers how many it made.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var changesBefore = realm.Changes.Count;
        if (realm.TargetExpansions.OfJob.First(jobId) is { } expansion)
            Expand(realm, expansion, budget);
        else
            QueueWaiting(realm, jobId, budget);
        Consequences.Complete(realm, jobId);
        return realm.Changes.Count - changesBefore;
    }

    /// <summary>A thing joins a continuous job: its execution is queued at once, outside any rate, or waits for the job to start.</summary>
    public static void Join(Realm realm, string jobId, string thingName, int targetIndex) =>
        Admit(realm, jobId, [(thingName, targetIndex)], upTo: realm.NextOrdinal());

    /// <summary>Takes away what waits for a job's rollout, by at most so many changes: it was cancelled or is being deleted.</summary>
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
                Admit(realm, expansion.JobId, [(membership.ThingName, expansion.TargetIndex)], expansion.UpTo);
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
                    PutExpansion(realm, expansion.JobId, group.ThingGroupId, expansion.TargetIndex, expansion.UpTo);
            }
        }
    }

    // A group's child groups become expansions of their own, then its members are gone through in the order of their joining.
    private static void Expand(Realm realm, TargetExpansion expansion, int budget)
    {
        if (expansion.Through is null)
        {
            foreach (var child in realm.ThingGroups.OfParent.In(expansion.ThingGroupId).Where(child => child.Ordinal < expansion.UpTo && !child.IsDeleted).ToList())
                PutExpansion(realm, expansion.JobId, child.ThingGroupId, expansion.TargetIndex, expansion.UpTo);
        }
        var members = realm.Memberships.OfGroup.After(expansion.ThingGroupId, expansion.Through ?? 0)
            .TakeWhile(member => member.Ordinal < expansion.UpTo).Take(budget).ToList();
        Admit(realm, expansion.JobId, members.ConvertAll(member => (member.ThingName, expansion.TargetIndex)), expansion.UpTo);
        if (members.Count == budget)
        {
            realm.TargetExpansions.Change(expansion.Key, row => row with { Through = members[^1].Ordinal });
            return;
        }
        realm.TargetExpansions.Remove(expansion.Key);
        realm.Jobs.Change(expansion.JobId, job => job with { Expanding = job.Expanding - 1 });
    }

    // Targets that overlap make one execution. A thing that ran before the targets were named runs again, as if it had joined.
    private static void Admit(Realm realm, string jobId, List<(string ThingName, int TargetIndex)> things, long upTo)
    {
        var job = realm.Jobs.Find(jobId)!;
        var queued = new List<Change<JobExecution>>(things.Count);
        var waiting = 0;
        foreach (var (thingName, targetIndex) in things)
        {
            if (!NeedsRun(realm, jobId, thingName, upTo) || realm.WaitingTargets.Find((jobId, thingName)) is not null)
                continue;
            if (job.Status == JobStatus.IN_PROGRESS)
            {
                queued.Add(Put(realm, job, thingName, 0));
                continue;
            }
            realm.WaitingTargets.Put(new() { JobId = job.JobId, ThingName = thingName, TargetIndex = targetIndex, Ordinal = realm.NextOrdinal() });
            waiting++;
        }
        if (waiting > 0)
            realm.Jobs.Change(jobId, row => row with { Waiting = row.Waiting + waiting });
        Consequences.Of(realm, jobId, [.. queued]);
    }

    private static void QueueWaiting(Realm realm, string jobId, int budget)
    {
        var job = realm.Jobs.Find(jobId)!;
        var next = realm.WaitingTargets.OfJob.In(jobId).Take(budget).ToList();
        foreach (var waiting in next)
            realm.WaitingTargets.Remove(waiting.Key);
        realm.Jobs.Change(jobId, row => row with { Waiting = row.Waiting - next.Count });
        // A thing that was deleted meanwhile is no target any more, even if there is a new one of its name.
        var present = next.Where(waiting => realm.Things.Find(waiting.ThingName) is { } thing && thing.Ordinal < waiting.Ordinal);
        Consequences.Of(realm, jobId, [.. present.Select(waiting => Put(realm, job, waiting.ThingName, 0))]);
    }

    private static bool NeedsRun(Realm realm, string jobId, string thingName, long upTo) =>
        Settle.Latest(realm, jobId, thingName) is not { } newest || (newest.IsTerminal && newest.Ordinal < upTo);

    private static void PutExpansion(Realm realm, string jobId, string groupId, int targetIndex, long upTo)
    {
        realm.TargetExpansions.Put(new() { JobId = jobId, ThingGroupId = groupId, TargetIndex = targetIndex, UpTo = upTo, Ordinal = realm.NextOrdinal() });
        realm.Jobs.Change(jobId, job => job with { Expanding = job.Expanding + 1 });
    }

    private static Change<JobExecution> Put(Realm realm, Job job, string thingName, int retryAttempt)
    {
        var newest = realm.Executions.OfJobOnThing.First((job.JobId, thingName));
        return realm.Executions.Put(new()
        {
            JobId = job.JobId,
            ThingName = thingName,
            ExecutionNumber = newest is null ? 1 : newest.ExecutionNumber + 1,
            Ordinal = realm.NextOrdinal(),
            NamespaceId = job.NamespaceId,
            QueuedAt = realm.Now,
            LastUpdatedAt = realm.Now,
            RetryAttempt = retryAttempt,
        });
    }
}
