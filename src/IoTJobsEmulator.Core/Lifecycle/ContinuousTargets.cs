using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Continuous jobs follow their groups: what joins gets an execution, what leaves before it has started loses it.
/// Source: the developer guide, "Jobs configurations"; leaving and rejoining as observed.
/// </summary>
public static class ContinuousTargets
{
    /// <summary>A thing has joined a group. Whoever was a target through another group of the same tree has not joined.</summary>
    public static void OnThingJoined(Realm realm, Membership membership)
    {
        var before = GroupsAbove(realm, CurrentMemberships(realm, membership.ThingName).Where(other => other != membership));
        foreach (var group in GroupsAbove(realm, [membership]).Except(before))
        {
            foreach (var job in realm.Jobs.ContinuousOnGroup.RowsIn(group).ToList())
                Join(realm, job, membership.ThingName, group);
        }
    }

    /// <summary>A thing has left a group.</summary>
    public static void OnThingLeft(Realm realm, Membership membership)
    {
        var stillIn = GroupsAbove(realm, CurrentMemberships(realm, membership.ThingName));
        foreach (var groupId in GroupsAbove(realm, [membership]))
        {
            JobTargets.KeepLeavingThing(realm, membership, realm.ThingGroups.Find(groupId)!);
            if (stillIn.Contains(groupId))
                continue;
            foreach (var job in realm.Jobs.ContinuousOnGroup.RowsIn(groupId).ToList())
            {
                if (!IsTarget(job, membership.ThingName, stillIn))
                    Leave(realm, job.JobId, membership.ThingName);
            }
        }
    }

    /// <summary>
    /// Which of a job's targets a thing still comes through, or null: of a continuous job its groups count as they are, of a
    /// snapshot it is enough that the thing exists.
    /// </summary>
    public static int? TargetOf(Realm realm, Job job, string thingName)
    {
        if (realm.Things.Find(thingName) is null)
            return null;
        HashSet<string>? groups = null;
        for (var index = 0; index < job.Targets.Count; index++)
        {
            var (_, name, groupId) = job.Targets[index];
            // Most things are members of the very group: no need to look at all groups above theirs.
            if (name == thingName || (groupId is not null && (IsMember(groupId) || (groups ??= GroupsAbove(realm, CurrentMemberships(realm, thingName))).Contains(groupId))))
                return index;
        }
        return job.TargetSelection == TargetSelection.SNAPSHOT ? 0 : null;

        bool IsMember(string groupId) => realm.Memberships.Find(new(groupId, thingName)) is not null && !realm.ThingGroups.Find(groupId)!.IsDeleted;
    }

    private static void Join(Realm realm, Job job, string thingName, string groupId)
    {
        if (ExecutionSettlement.SettleAndFindLatest(realm, job.JobId, thingName) is null or { IsTerminal: true })
            Rollout.Join(realm, job.JobId, thingName, job.Targets.TakeWhile(target => target.ThingGroupId != groupId).Count());
    }

    // An execution in progress goes on and may finish outside the group.
    private static void Leave(Realm realm, string jobId, string thingName)
    {
        Rollout.DropTarget(realm, jobId, thingName);
        if (ExecutionSettlement.SettleAndFindLatest(realm, jobId, thingName) is { Status: JobExecutionStatus.QUEUED } queued)
            Consequences.Apply(realm, jobId, realm.Executions.Change(queued.Key, execution => execution.Remove(realm.Now)));
    }

    private static bool IsTarget(Job job, string thingName, HashSet<string> groupIds) =>
        job.Targets.Any(target => Covers(target, thingName, groupIds));

    private static bool Covers(JobTarget target, string thingName, HashSet<string> groupIds) =>
        target.ThingName == thingName || (target.ThingGroupId is { } id && groupIds.Contains(id));

    // A group that was deleted holds nobody, though due work may not have reached all of its members yet.
    private static IEnumerable<Membership> CurrentMemberships(Realm realm, string thingName) =>
        realm.Memberships.OfThing.RowsIn(thingName).Where(membership => !realm.ThingGroups.Find(membership.ThingGroupId)!.IsDeleted);

    private static HashSet<string> GroupsAbove(Realm realm, IEnumerable<Membership> memberships) =>
        [.. memberships.SelectMany(membership => GroupTree.AncestorsAndSelf(realm, realm.ThingGroups.Find(membership.ThingGroupId)!)).Select(group => group.ThingGroupId)];
}
