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
    /// request changes (<see cref="DueWork.ChangesAtOnce"/>) are queued before the caller is answered, the rest is due work.
    /// </summary>
    public static void Add(Realm realm, string jobId, int fromTarget, bool isUnpaced)
    {
        var job = realm.Jobs.Find(jobId)!;
        var things = new StructList<RolloutTarget>(job.Targets.Count - fromTarget);
        var cutoffOrdinal = realm.NextOrdinal();
        for (var index = fromTarget; index < job.Targets.Count; index++)
        {
            if (job.Targets[index].ThingGroupId is { } groupId)
                PutExpansion(realm, new() { JobId = jobId, ThingGroupId = groupId, TargetIndex = index, CutoffOrdinal = cutoffOrdinal, IsUnpaced = isUnpaced, Ordinal = realm.NextOrdinal() });
            else
                things.Add(new(job.Targets[index].ThingName!, index));
        }
        Rollout.Admit(realm, jobId, cutoffOrdinal, isUnpaced, things);
        DueWork.Begin(realm, jobId, static job => job.NeedsRollout, Rollout.Step, DueWork.ChangesAtOnce);
        Consequences.Complete(realm, jobId);
    }

    /// <summary>
    /// A thing that leaves a group before a snapshot job's rollout has come to it stays a target: what counts is who was a member
    /// when the job was created.
    /// </summary>
    public static void KeepLeavingThing(Realm realm, Membership membership, ThingGroup ancestorOrSelf)
    {
        if (realm.TargetExpansions.Count == 0)
            return;
        foreach (var expansion in realm.TargetExpansions.OfGroup.RowsIn(ancestorOrSelf.ThingGroupId).ToList())
        {
            var isPassed = ancestorOrSelf.ThingGroupId == membership.ThingGroupId ? membership.Ordinal <= expansion.LastMembershipOrdinal : expansion.LastMembershipOrdinal is not null;
            if (!isPassed && membership.Ordinal < expansion.CutoffOrdinal && realm.Jobs.Find(expansion.JobId)!.TargetSelection == TargetSelection.SNAPSHOT)
                Rollout.Admit(realm, expansion.JobId, expansion.CutoffOrdinal, expansion.IsUnpaced, [new(membership.ThingName, expansion.TargetIndex)]);
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
            foreach (var expansion in realm.TargetExpansions.OfGroup.RowsIn(ancestor.ThingGroupId).Where(row => row.LastMembershipOrdinal is null && group.Ordinal < row.CutoffOrdinal).ToList())
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
        if (expansion.LastMembershipOrdinal is null)
        {
            foreach (var child in realm.ThingGroups.OfParent.RowsIn(expansion.ThingGroupId).Where(child => child.Ordinal < expansion.CutoffOrdinal && !child.IsDeleted).ToList())
                PutExpansion(realm, expansion with { ThingGroupId = child.ThingGroupId, Ordinal = realm.NextOrdinal() });
        }
        var members = realm.Memberships.OfGroup.RowsAfter(expansion.ThingGroupId, expansion.LastMembershipOrdinal ?? 0)
            .TakeWhile(member => member.Ordinal < expansion.CutoffOrdinal).Take(budget).ToList();
        var targets = new StructList<RolloutTarget>(members.Count);
        foreach (var member in members)
            targets.Add(new(member.ThingName, expansion.TargetIndex));
        Rollout.Admit(realm, expansion.JobId, expansion.CutoffOrdinal, expansion.IsUnpaced, targets);
        if (members.Count == budget)
        {
            realm.TargetExpansions.Change(expansion.Key, row => row with { LastMembershipOrdinal = members[^1].Ordinal });
            return budget;
        }
        realm.TargetExpansions.Remove(expansion.Key);
        realm.Jobs.Change(expansion.JobId, job => job with { ExpandingCount = job.ExpandingCount - 1 });
        return members.Count + 1;
    }

    private static void PutExpansion(Realm realm, TargetExpansion expansion)
    {
        realm.TargetExpansions.Put(expansion);
        realm.Jobs.Change(expansion.JobId, job => job with { ExpandingCount = job.ExpandingCount + 1 });
    }
}
