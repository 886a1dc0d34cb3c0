using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// The heads of namespaces that a turn changed. A namespace has one only while it is the head of the whole thing, so it also changes when
/// an execution outside the namespace comes before it or leaves. Source: observed, https://github.com/aws-greengrass/aws-greengrass-lite/issues/1151.
/// </summary>
internal static class NamespaceHeads
{
    /// <summary>Whether a change of a device's list may be one of a namespace: most accounts have none.</summary>
    public static bool MayChange(Realm realm, (string ThingName, string? NamespaceId) device) =>
        device.NamespaceId is not null || !realm.Executions.PendingInNamespaces.IsEmpty;

    /// <summary>The namespaces to announce, each with its head, or null when the thing has no pending execution left.</summary>
    public static IEnumerable<((string ThingName, string? NamespaceId) Device, JobExecution? Head)> FindChanged(
        Realm realm, Dictionary<(string ThingName, string? NamespaceId), DeviceChanges> devices)
    {
        if (!devices.Keys.Any(device => MayChange(realm, device)))
            yield break;
        foreach (var thing in devices.GroupBy(static device => device.Key.ThingName))
        {
            var changes = thing.ToDictionary(static device => device.Key.NamespaceId ?? NoNamespace, static device => device.Value);
            var after = HeadOf(realm, thing.Key, static _ => true);
            // Without a head the namespaces that lost theirs say so.
            var candidates = after is null ? changes.Keys.Where(static space => space != NoNamespace) : [after.NamespaceId ?? NoNamespace];
            foreach (var space in candidates)
            {
                if (space == NoNamespace || !HasChanged(realm, thing.Key, space, after, changes))
                    continue;
                // Rows that due work has yet to cancel or remove do not count in what is announced.
                var settled = HeadOf(realm, thing.Key, execution => ExecutionSettlement.IsPendingOnceSettled(realm, execution));
                if (settled is null || settled.NamespaceId == space)
                    yield return ((thing.Key, space), settled);
            }
        }
    }

    // No id of a namespace is empty.
    private const string NoNamespace = "";

    private static bool HasChanged(Realm realm, string thingName, string space, JobExecution? after, Dictionary<string, DeviceChanges> changes)
    {
        var before = HeadBefore(space);
        if (before?.Key != after?.Key)
            return true;
        if (after is null)
            return false;
        var ofThing = realm.Executions.PendingInNamespaces.RowsIn(thingName).FirstOrDefault(execution => !changes.ContainsKey(execution.NamespaceId!));
        foreach (var changed in changes.Keys.Append(NoNamespace).Distinct())
            ofThing = Earlier(ofThing, HeadBefore(changed));
        return ofThing?.Key != after.Key;

        JobExecution? HeadBefore(string space)
        {
            var namespaceId = space == NoNamespace ? null : space;
            var head = realm.Executions.Pending.First(new(thingName, namespaceId));
            return changes.TryGetValue(space, out var list) ? list.HeadBefore(realm, (thingName, namespaceId), head) : head;
        }
    }

    /// <summary>The head of all that a thing has pending, whatever the namespace.</summary>
    private static JobExecution? HeadOf(Realm realm, string thingName, Func<JobExecution, bool> counts) => Earlier(
        realm.Executions.Pending.RowsIn(new(thingName, null)).FirstOrDefault(counts),
        realm.Executions.PendingInNamespaces.RowsIn(thingName).FirstOrDefault(counts));

    private static JobExecution? Earlier(JobExecution? one, JobExecution? other)
    {
        if (one is null || other is null)
            return one ?? other;
        return JobExecutionTable.PendingOrder(one).CompareTo(JobExecutionTable.PendingOrder(other)) < 0 ? one : other;
    }
}
