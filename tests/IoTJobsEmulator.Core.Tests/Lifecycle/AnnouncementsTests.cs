using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Jobs notifications" (its walk-through, case by case) and "Jobs events".</summary>
public sealed class AnnouncementsTests
{
    private readonly TestRealm _test = new();

    public AnnouncementsTests()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.Commit();
    }

    [Fact]
    public void What_due_work_has_yet_to_take_away_is_not_told()
    {
        _test.CreateJob("reboot", thing: "pump-1");
        _test.DeleteJob("reboot", force: true);
        _test.Commit();

        Assert.Equal(["notify pump-1 [update]"], After(() => _test.CreateJob("update", thing: "pump-1")));
        Assert.Contains("notify-next pump-1 update", After(() => DueWork.Step(_test.World)));
    }

    [Fact]
    public void What_waits_for_a_deleted_thing_is_not_told_to_a_new_one_of_its_name()
    {
        // More than a request removes: each is a change of the execution and two of its job.
        for (var job = 0; job < DueWork.ChangesAtOnce / 2; job++)
            _test.CreateJob($"job-{job}", thing: "pump-1");
        DeleteThing.Handle(_test, "pump-1", null);
        Assert.NotEmpty(_test.Realm.DeletedThings.All);
        _test.CreateThings("pump-1");
        _test.Commit();

        Assert.Equal(["notify pump-1 [update]"], After(() => _test.CreateJob("update", thing: "pump-1")));
    }

    [Fact]
    public void What_has_timed_out_is_not_told()
    {
        _test.CreateJob("reboot", thing: "pump-1", timeoutInMinutes: 1);
        _test.CreateJob("update", thing: "pump-1");
        _test.Report("pump-1", "reboot", IN_PROGRESS);
        _test.Commit();
        _test.Jump(Minutes(2));

        Assert.Equal(["notify pump-1 [update calibrate]"], After(() => _test.CreateJob("calibrate", thing: "pump-1")));
    }

    [Fact]
    public void Notifications_follow_the_walk_through_of_the_guide()
    {
        // The first job: the list and its head change.
        Assert.Equal(["notify pump-1 [reboot]", "notify-next pump-1 reboot"], After(() => _test.CreateJob("reboot", thing: "pump-1")));
        // A second job: only the list.
        Assert.Equal(["notify pump-1 [reboot update]"], After(() => _test.CreateJob("update", thing: "pump-1")));
        // The head is started: neither.
        Assert.Empty(After(() => _test.Report("pump-1", "reboot", IN_PROGRESS)));
        Assert.Empty(After(() => _test.Report("pump-1", "reboot", IN_PROGRESS)));
        // The head is finished: both.
        Assert.Equal(
            ["execution reboot pump-1 SUCCEEDED", "completed reboot", "notify pump-1 [update]", "notify-next pump-1 update"],
            After(() => _test.Report("pump-1", "reboot", SUCCEEDED)));
        // Another than the head is cancelled: only the list.
        _test.CreateJob("calibrate", thing: "pump-1");
        _test.Commit();
        Assert.Equal(
            ["execution calibrate pump-1 CANCELED", "completed calibrate", "notify pump-1 [update]"],
            After(() => _test.CancelExecution("calibrate", "pump-1")));
        // Nothing is left: an empty list and no head.
        Assert.Equal(
            ["execution update pump-1 REJECTED", "completed update", "notify pump-1 []", "notify-next pump-1 -"],
            After(() => _test.Report("pump-1", "update", REJECTED)));
    }

    [Fact]
    public void Another_than_the_head_is_started_and_becomes_the_head()
    {
        _test.CreateJob("reboot", thing: "pump-1");
        _test.CreateJob("update", thing: "pump-1");
        _test.Commit();
        Assert.Equal(["notify-next pump-1 update"], After(() => _test.Report("pump-1", "update", IN_PROGRESS)));
    }

    [Fact]
    public void A_job_is_cancelled_and_each_of_its_devices_told()
    {
        _test.CreateJob("reboot", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        _test.Commit();
        Assert.Equal(
            [
                "cancellation_in_progress reboot",
                "execution reboot pump-2 CANCELED",
                "execution reboot pump-1 CANCELED",
                "canceled reboot",
                "notify pump-2 []",
                "notify-next pump-2 -",
                "notify pump-1 []",
                "notify-next pump-1 -",
            ],
            After(() => _test.CancelJob("reboot")));
    }

    [Fact]
    public void A_job_with_nothing_to_cancel_is_canceled_at_once_and_only_once()
    {
        _test.CreateJob("reboot", thing: "pump-1");
        _test.Report("pump-1", "reboot", IN_PROGRESS);
        _test.Commit();
        Assert.Equal(["cancellation_in_progress reboot", "canceled reboot"], After(() => _test.CancelJob("reboot")));
        Assert.Equal(
            ["execution reboot pump-1 FAILED", "notify pump-1 []", "notify-next pump-1 -"],
            After(() => _test.Report("pump-1", "reboot", FAILED)));
    }

    [Fact]
    public void A_job_is_deleted_and_its_device_told_when_the_execution_goes()
    {
        _test.CreateJob("reboot", thing: "pump-1");
        _test.Commit();
        Assert.Equal(["deletion_in_progress reboot"], After(() => _test.DeleteJob("reboot", force: true)));
        Assert.Equal(["execution deleted reboot pump-1 QUEUED", "notify pump-1 []", "notify-next pump-1 -"], After(() => DueWork.Step(_test.World)));
        _test.Jump(Seconds(2));
        Assert.Equal(["deleted reboot"], After(() => DueWork.Step(_test.World)));
    }

    [Fact]
    public void What_leaves_and_rejoins_in_one_turn_has_another_number()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("reboot", group: "site", isContinuous: true);
        _test.Commit();
        Assert.Equal(
            ["execution reboot pump-1 REMOVED", "notify pump-1 [reboot]", "notify-next pump-1 reboot"],
            After(() =>
            {
                _test.Leave("pump-1", "site");
                _test.Join("pump-1", "site");
            }));
    }

    [Fact]
    public void What_comes_and_goes_in_one_turn_is_not_announced_to_its_device() => Assert.Equal(
        ["completed reboot", "execution reboot pump-1 SUCCEEDED"],
        After(() =>
        {
            _test.CreateJob("reboot", thing: "pump-1");
            _test.Report("pump-1", "reboot", SUCCEEDED);
        }).Order());

    [Fact]
    public void Ten_of_a_long_list_are_shown_and_the_head_comes_with_its_document()
    {
        foreach (var number in Enumerable.Range(10, 11))
            _test.CreateJob($"reboot-{number}", thing: "pump-1");
        _test.Commit();

        _test.CreateJob("reboot-21", thing: "pump-1", namespaceId: "fleet");
        _test.CreateJob("reboot-22", thing: "pump-1");
        var announced = _test.Commit();

        Assert.Equal(
            [
                new PendingExecutionsChanged("pump-1", "fleet", new([_test.Execution("reboot-21", "pump-1")])) { JobIds = ["reboot-21"] },
                new PendingExecutionsChanged("pump-1", null, new(Enumerable.Range(10, 10).Select(number => _test.Execution($"reboot-{number}", "pump-1")))),
            ],
            announced);
    }

    private List<string> After(Action turn)
    {
        turn();
        return [.. _test.Commit().Select(Read)];
    }

    private static string Read(Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged list => $"notify {list.ThingName} [{string.Join(' ', list.Pending.Select(execution => execution.JobId))}]",
        NextExecutionChanged next => $"notify-next {next.ThingName} {next.Next?.JobId ?? "-"}",
        JobEvent job => $"{job.Operation} {job.Job.JobId}",
        JobExecutionEvent { Execution: var execution } gone => $"execution {(gone.IsDeleted ? "deleted " : "")}{execution.JobId} {execution.ThingName} {execution.Status}",
        _ => throw new ArgumentOutOfRangeException(nameof(announcement)),
    };
}
