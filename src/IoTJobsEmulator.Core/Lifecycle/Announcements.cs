using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What a turn's changes mean to devices and listeners. Derived from the list of changes and the indexes as they then stand, so
/// that no operation needs to say anything. Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
public static class Announcements
{
    /// <summary>Entries of a pending list that a device is shown, and those that jobs with maintenance windows may add.</summary>
    public const int PendingShown = 10, PendingShownInWindows = 5;

    /// <summary>How far into a list they are looked for: a thing for which thousands of jobs wait costs no more than others.</summary>
    private const int PendingLookedAt = 100;

    /// <summary>What a device is shown of its pending list.</summary>
    public static IEnumerable<JobExecution> Shown(Realm realm, IEnumerable<JobExecution> pending)
    {
        var (plain, inWindows) = (0, 0);
        foreach (var execution in pending.Take(PendingLookedAt))
        {
            if (plain >= PendingShown && inWindows >= PendingShownInWindows)
                yield break;
            if (realm.Jobs.Find(execution.JobId) is { HasWindows: true } ? inWindows++ < PendingShownInWindows : plain++ < PendingShown)
                yield return execution;
        }
    }

    /// <summary>Events of the registry, then of jobs and executions, each in the order of the changes; then for each device its notifications.</summary>
    public static IReadOnlyList<Announcement> Of(Realm realm, IReadOnlyList<Change> changes)
    {
        List<Announcement> announcements = [.. RegistryAnnouncements.Of(realm, changes)];
        // For each device's list the rows that the turn changed in it, as they were before the turn and as they are now.
        Dictionary<(string ThingName, string? NamespaceId), Dictionary<JobExecutionKey, (JobExecution? Before, JobExecution? After)>> lists = [];
        foreach (var change in changes)
        {
            if (change is Change<Job> job)
                AddJobEvents(announcements, job);
            if (change is not Change<JobExecution> execution)
                continue;
            AddExecutionEvent(announcements, execution);
            var row = execution.After ?? execution.Before!;
            if (!lists.TryGetValue((row.ThingName, row.NamespaceId), out var touched))
                lists.Add((row.ThingName, row.NamespaceId), touched = []);
            touched[row.Key] = (touched.TryGetValue(row.Key, out var earlier) ? earlier.Before : execution.Before, execution.After);
        }
        foreach (var (device, touched) in lists)
            AddNotifications(realm, announcements, device, touched);
        return announcements;
    }

    private static void AddNotifications(
        Realm realm, List<Announcement> announcements, (string ThingName, string? NamespaceId) device, Dictionary<JobExecutionKey, (JobExecution? Before, JobExecution? After)> touched)
    {
        // Changes are seen in the rows as they lie; what is told leaves out what due work has yet to take away.
        var settled = realm.Executions.Pending.In(device).Where(execution => Settle.IsPending(realm, execution));
        if (touched.Values.Any(row => IsPending(row.Before) != IsPending(row.After)))
            announcements.Add(new PendingExecutionsChanged(device.ThingName, device.NamespaceId, new(Shown(realm, settled))));
        // The head before is the first of what the turn did not touch and of what it did, as that was.
        var untouched = realm.Executions.Pending.In(device).FirstOrDefault(row => !touched.ContainsKey(row.Key));
        var before = touched.Values.Select(row => row.Before).Append(untouched).Where(IsPending).MinBy(row => JobExecutionTable.PendingOrder(row!));
        if (before?.Key != realm.Executions.Pending.First(device)?.Key)
            announcements.Add(Next(realm, device, settled.FirstOrDefault()));
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
        if (after.Status != before?.Status && Entering(after.Status) is { } operation)
            announcements.Add(new JobEvent(operation, after));
        if (after is { Status: CANCELED, OwesWork: false } && before is not { Status: CANCELED, OwesWork: false })
            announcements.Add(new JobEvent(JobOperation.canceled, after));
    }

    private static JobOperation? Entering(JobStatus status) => status switch
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

    private static bool IsPending(JobExecution? execution) => execution is { IsPending: true };
}
