using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Finds the things that are a job's targets: those that it names, and the members of its groups and of the groups below them, as they
/// were when the targets were named. What becomes of a target that was found is up to <see cref="Rollout"/>.
/// </summary>
public static class JobTargets
{
    /// <summary>
    /// Adds the targets of a job from an index on: when it is created, or unpaced when targets are associated with it. As many as a
    /// turn changes (<see cref="DueWork.ChangesPerTurn"/>) are queued before the caller is answered, the rest is due work.
    /// </summary>
    public static void Add(Realm realm, string jobId, int fromTarget, bool isUnpaced)
    {
        var job = realm.Jobs.Find(jobId)!;
        List<WaitingTarget> things = [];
        var upTo = realm.NextOrdinal();
        for (var index = fromTarget; index < job.Targets.Count; index++)
        {
            if (job.Targets[index].ThingGroupId is { } groupId)
                PutExpansion(realm, new() { JobId = jobId, ThingGroupId = groupId, TargetIndex = index, UpTo = upTo, IsUnpaced = isUnpaced, Ordinal = realm.NextOrdinal() });
            else
                things.Add(Rollout.Target(realm, jobId, job.Targets[index].ThingName!, index));
        }
        Rollout.Admit(realm, jobId, things, upTo, isUnpaced);
        DueWork.Begin(realm, jobId, static job => job.NeedsRollout, Rollout.Step);
        Consequences.Complete(realm, jobId);
    }

    /// <summary>
    /// A thing that leaves a group before a snapshot job's rollout has come to it stays a target: what counts is who was a member
    /// when the job was created.
    /// </summary>
    public static void KeepLeaver(Realm realm, Membership membership, ThingGroup ancestorOrSelf)
    {
        if (realm.TargetExpansions.Count == 0)
            return;
        foreach (var expansion in realm.TargetExpansions.OfGroup.In(ancestorOrSelf.ThingGroupId).ToList())
        {
            var isPassed = ancestorOrSelf.ThingGroupId == membership.ThingGroupId ? membership.Ordinal <= expansion.Through : expansion.Through is not null;
            if (!isPassed && membership.Ordinal < expansion.UpTo && realm.Jobs.Find(expansion.JobId)!.TargetSelection == TargetSelection.SNAPSHOT)
                Rollout.Admit(realm, expansion.JobId, [Rollout.Target(realm, expansion.JobId, membership.ThingName, expansion.TargetIndex)], expansion.UpTo, expansion.IsUnpaced);
        }
    }

    /// <summary>
    /// A group that is deleted before a rollout has come to the group above it is gone through by itself: its things are still
    /// targets of a snapshot job, but it is nobody's child any more.
    /// </summary>
    public static void KeepDeletedGroup(Realm realm, ThingGroup group)
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

    /// <summary>
    /// Goes on with a group: its child groups become expansions of their own, then its members become targets in the order of their
    /// joining, by at most so many. Answers how many changes that were.
    /// </summary>
    public static int Expand(Realm realm, TargetExpansion expansion, int budget)
    {
        if (expansion.Through is null)
        {
            foreach (var child in realm.ThingGroups.OfParent.In(expansion.ThingGroupId).Where(child => child.Ordinal < expansion.UpTo && !child.IsDeleted).ToList())
                PutExpansion(realm, expansion with { ThingGroupId = child.ThingGroupId, Ordinal = realm.NextOrdinal() });
        }
        var members = realm.Memberships.OfGroup.After(expansion.ThingGroupId, expansion.Through ?? 0)
            .TakeWhile(member => member.Ordinal < expansion.UpTo).Take(budget).ToList();
        Rollout.Admit(realm, expansion.JobId, members.ConvertAll(member => Rollout.Target(realm, expansion.JobId, member.ThingName, expansion.TargetIndex)), expansion.UpTo, expansion.IsUnpaced);
        if (members.Count == budget)
        {
            realm.TargetExpansions.Change(expansion.Key, row => row with { Through = members[^1].Ordinal });
            return budget;
        }
        realm.TargetExpansions.Remove(expansion.Key);
        realm.Jobs.Change(expansion.JobId, job => job with { Expanding = job.Expanding - 1 });
        return members.Count + 1;
    }

    private static void PutExpansion(Realm realm, TargetExpansion expansion)
    {
        realm.TargetExpansions.Put(expansion);
        realm.Jobs.Change(expansion.JobId, job => job with { Expanding = job.Expanding + 1 });
    }
}
