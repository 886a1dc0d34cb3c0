using System.Runtime.InteropServices;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What is announced to devices and event subscribers after a turn. Derived from the list of changes and the indexes after the turn,
/// so that no operation announces anything itself. Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
public static class Announcements
{
    /// <summary>Entries of a pending list that a device is shown, and those that jobs with maintenance windows may add.</summary>
    public const int MaxPendingShown = 10, MaxPendingShownInWindows = 5;

    /// <summary>How many entries of a list are examined at most, so that a thing with thousands of pending jobs costs no more than others.</summary>
    private const int MaxPendingExamined = 100;

    /// <summary>What a device is shown of its pending list.</summary>
    /// <param name="realm">The realm of the device.</param>
    /// <param name="pending">The list.</param>
    /// <param name="isSettled">Whether the list has no execution that due work has yet to cancel or remove: others are left out.</param>
    public static ValueList<JobExecution> ShownToDevice(Realm realm, IEnumerable<JobExecution> pending, bool isSettled = true)
    {
        List<JobExecution>? shown = null;
        var hasWindows = realm.Jobs.WithWindows.Any;
        var (plain, inWindows) = (MaxPendingShown, hasWindows ? MaxPendingShownInWindows : 0);
        var examined = 0;
        foreach (var execution in pending)
        {
            if (!isSettled && !ExecutionSettlement.IsPendingOnceSettled(realm, execution))
                continue;
            if (examined++ == MaxPendingExamined)
                break;
            ref var left = ref plain;
            if (hasWindows && realm.Jobs.Find(execution.JobId) is { HasWindows: true })
                left = ref inWindows;
            if (left == 0)
                continue;
            left--;
            (shown ??= new(MaxPendingShown)).Add(execution);
            if (plain + inWindows == 0)
                break;
        }
        return shown is null ? ValueList<JobExecution>.Empty : ValueList<JobExecution>.Wrap(shown);
    }

    /// <summary>Events of the registry, then of jobs and executions, each in the order of the changes; then for each device its notifications.</summary>
    public static IReadOnlyList<Announcement> Of(Realm realm, IReadOnlyList<Change> changes)
    {
        List<Announcement> announcements = [.. RegistryAnnouncements.Of(realm, changes)];
        Change<JobExecution>? only = null;
        var executions = 0;
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i] is Change<Job> job)
                AddJobEvents(announcements, job);
            if (changes[i] is not Change<JobExecution> execution)
                continue;
            AddExecutionEvent(announcements, execution);
            only = execution;
            executions++;
        }
        if (executions == 1 && !NamespaceHeads.MayChange(realm, DeviceOf(only!)))
            AddNotifications(realm, announcements, DeviceOf(only!), new(only!)); // most turns
        else if (executions > 0)
            AddNotifications(realm, announcements, changes, executions);
        return announcements;
    }

    private static (string ThingName, string? NamespaceId) DeviceOf(Change<JobExecution> change)
    {
        var row = change.After ?? change.Before!;
        return (row.ThingName, row.NamespaceId);
    }

    private static void AddNotifications(Realm realm, List<Announcement> announcements, IReadOnlyList<Change> changes, int executions)
    {
        announcements.EnsureCapacity(announcements.Count + (2 * executions));
        var devices = new Dictionary<(string ThingName, string? NamespaceId), DeviceChanges>(executions);
        foreach (var change in changes)
        {
            if (change is Change<JobExecution> execution)
                CollectionsMarshal.GetValueRefOrAddDefault(devices, DeviceOf(execution), out _).Add(execution);
        }
        foreach (var (device, list) in devices)
            AddNotifications(realm, announcements, device, list);
        foreach (var (device, head) in NamespaceHeads.FindChanged(realm, devices))
            announcements.Add(Next(realm, device, head));
    }

    private static void AddNotifications(Realm realm, List<Announcement> announcements, (string ThingName, string? NamespaceId) device, in DeviceChanges changes)
    {
        // Changes are found in the rows as they are; the announced list leaves out executions that due work has yet to cancel or remove.
        ValueList<JobExecution>? shown = null;
        if (changes.HasListChanged)
        {
            shown = SettledOf(realm, device);
            announcements.Add(new PendingExecutionsChanged(device.ThingName, device.NamespaceId, shown)
            {
                JobIds = device.NamespaceId is null ? ValueList<string>.Empty : new(changes.JobIds),
            });
        }
        if (device.NamespaceId is not null)
            return;
        var first = realm.Executions.Pending.First(new(device.ThingName, device.NamespaceId));
        if (changes.HeadBefore(realm, device, first)?.Key == first?.Key)
            return;
        shown ??= SettledOf(realm, device);
        announcements.Add(Next(realm, device, shown.Count > 0 ? shown[0] : null));
    }

    /// <summary>What a device is shown of its pending list once that is settled. Most lists of a fleet have one execution or none, for which little is made.</summary>
    private static ValueList<JobExecution> SettledOf(Realm realm, (string ThingName, string? NamespaceId) device)
    {
        var (pending, list) = (realm.Executions.Pending, new PartOfGroup<Name>(device.ThingName, device.NamespaceId));
        if (pending.First(list) is not { } first)
            return ValueList<JobExecution>.Empty;
        if (pending.FirstAfter(list, JobExecutionTable.PendingOrder(first)) is not null)
            return ShownToDevice(realm, pending.RowsIn(list), ExecutionSettlement.IsNothingUnsettled(realm));
        return ExecutionSettlement.IsPendingOnceSettled(realm, first) ? ValueList<JobExecution>.Wrap([first]) : ValueList<JobExecution>.Empty;
    }

    private static NextExecutionChanged Next(Realm realm, (string ThingName, string? NamespaceId) device, JobExecution? head) => head is null
        ? new(device.ThingName, device.NamespaceId, null, null)
        : new(device.ThingName, device.NamespaceId, head, realm.JobDocuments.Find(head.JobId)) { PresignedUrlConfig = realm.Jobs.Find(head.JobId)?.PresignedUrlConfig };

    private static void AddJobEvents(List<Announcement> announcements, Change<Job> change)
    {
        var (before, after) = (change.Before, change.After);
        if (after is null)
        {
            announcements.Add(new JobEvent(JobOperation.deleted, before!));
            return;
        }
        if (after.Status != before?.Status && OperationOf(after.Status) is { } operation)
            announcements.Add(new JobEvent(operation, after));
        if (after is { Status: CANCELED, HasWork: false } && before is not { Status: CANCELED, HasWork: false })
            announcements.Add(new JobEvent(JobOperation.canceled, after));
    }

    private static JobOperation? OperationOf(JobStatus status) => status switch
    {
        COMPLETED => JobOperation.completed,
        CANCELED => JobOperation.cancellation_in_progress,
        DELETION_IN_PROGRESS => JobOperation.deletion_in_progress,
        _ => null,
    };

    private static void AddExecutionEvent(List<Announcement> announcements, Change<JobExecution> change)
    {
        if (change.After is null)
            announcements.Add(new JobExecutionEvent(change.Before!, IsDeleted: true));
        else if (change.After.IsTerminal && change.Before is not { IsTerminal: true })
            announcements.Add(new JobExecutionEvent(change.After, IsDeleted: false));
    }
}
