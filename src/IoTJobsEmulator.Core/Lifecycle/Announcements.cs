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
    public static ValueList<JobExecution> ShownToDevice(Realm realm, IEnumerable<JobExecution> pending)
    {
        List<JobExecution>? shown = null;
        var hasWindows = realm.Jobs.WithWindows.Any;
        var (plain, inWindows) = (MaxPendingShown, hasWindows ? MaxPendingShownInWindows : 0);
        var examined = 0;
        foreach (var execution in pending)
        {
            if (examined++ == MaxPendingExamined)
                break;
            ref var left = ref plain;
            if (hasWindows && realm.Jobs.Find(execution.JobId) is { HasWindows: true })
                left = ref inWindows;
            if (left == 0)
                continue;
            left--;
            (shown ??= new(1)).Add(execution);
            if (plain + inWindows == 0)
                break;
        }
        return shown is null ? ValueList<JobExecution>.Empty : ValueList<JobExecution>.Wrap(shown);
    }

    /// <summary>Events of the registry, then of jobs and executions, each in the order of the changes; then for each device its notifications.</summary>
    public static IReadOnlyList<Announcement> Of(Realm realm, IReadOnlyList<Change> changes)
    {
        List<Announcement> announcements = [.. RegistryAnnouncements.Of(realm, changes)];
        var executions = 0;
        foreach (var change in changes)
            executions += change is Change<JobExecution> ? 1 : 0;
        announcements.EnsureCapacity(announcements.Count + (3 * executions));
        var devices = new Dictionary<(string ThingName, string? NamespaceId), DeviceChanges>(executions);
        foreach (var change in changes)
        {
            if (change is Change<Job> job)
                AddJobEvents(announcements, job);
            if (change is not Change<JobExecution> execution)
                continue;
            AddExecutionEvent(announcements, execution);
            var row = execution.After ?? execution.Before!;
            CollectionsMarshal.GetValueRefOrAddDefault(devices, (row.ThingName, row.NamespaceId), out _).Add(execution);
        }
        foreach (var (device, list) in devices)
            AddNotifications(realm, announcements, device, list);
        foreach (var (device, head) in NamespaceHeads.FindChanged(realm, devices))
            announcements.Add(Next(realm, device, head));
        return announcements;
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
        var first = realm.Executions.Pending.First(device);
        var headBefore = changes.HeadBefore(first, realm.Executions.Pending.Count(device) > 1 ? realm.Executions.Pending.RowsIn(device) : []);
        if (headBefore?.Key == first?.Key)
            return;
        shown ??= SettledOf(realm, device);
        announcements.Add(Next(realm, device, shown.Count > 0 ? shown[0] : null));
    }

    /// <summary>What a device is shown of its pending list once that is settled. Most lists of a fleet have one execution or none, for which little is made.</summary>
    private static ValueList<JobExecution> SettledOf(Realm realm, (string ThingName, string? NamespaceId) device)
    {
        var pending = realm.Executions.Pending;
        if (pending.Count(device) > 1)
            return ShownToDevice(realm, Settled(realm, pending.RowsIn(device)));
        return pending.First(device) is { } only && ExecutionSettlement.IsPendingOnceSettled(realm, only) ? ValueList<JobExecution>.Wrap([only]) : ValueList<JobExecution>.Empty;
    }

    private static IEnumerable<JobExecution> Settled(Realm realm, IEnumerable<JobExecution> pending) =>
        pending.Where(execution => ExecutionSettlement.IsPendingOnceSettled(realm, execution));

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
