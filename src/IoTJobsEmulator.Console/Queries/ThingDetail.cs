using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>One thing as its page shows it.</summary>
/// <param name="Thing">Its row.</param>
/// <param name="Groups">The groups that it was added to.</param>
/// <param name="Pending">What its device may take, in the order of <c>$next</c>.</param>
/// <param name="Executions">Its newest executions, of all statuses.</param>
public sealed record ThingDetail(Thing Thing, IReadOnlyList<ThingGroup> Groups, IReadOnlyList<JobExecution> Pending, IReadOnlyList<JobExecution> Executions)
{
    private const int Shown = 50;

    /// <summary>The thing; null when there is none.</summary>
    public static ThingDetail? Find(Realm realm, string thingName) => realm.Things.Find(thingName) is { } thing
        ? new(thing, [.. GroupTree.GroupsOfThing(realm, thingName)], PendingOf(realm, thingName), Newest(realm, thingName))
        : null;

    private static JobExecution[] PendingOf(Realm realm, string thingName) =>
    [
        .. realm.Executions.Pending.RowsIn(new(thingName, null)).Concat(realm.Executions.PendingInNamespaces.RowsIn(thingName))
            .Take(Shown)
            .Where(execution => ExecutionSettlement.IsPendingOnceSettled(realm, execution)),
    ];

    private static JobExecution[] Newest(Realm realm, string thingName) =>
    [
        .. Enum.GetValues<JobExecutionStatus>()
            .SelectMany(status => realm.Executions.OfThingWithStatus(thingName, status).Take(Shown))
            .OrderByDescending(execution => execution.Ordinal)
            .Take(Shown)
            .Select(execution => ExecutionList.Settled(realm, execution)),
    ];
}
