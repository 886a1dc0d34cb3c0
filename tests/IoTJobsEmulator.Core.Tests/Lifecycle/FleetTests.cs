using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Tests.State;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>What touches 2500 things: a thousand in the turn of the operation, the rest by due work in small steps, others seeing it as if it were done.</summary>
public sealed class FleetTests
{
    private const string First = "site-1", Last = "hall-700";

    private readonly TestRealm _test = new();

    /// <summary>1800 things in the site, 700 in the hall below it.</summary>
    public FleetTests()
    {
        _test.RollOutAtOnce();
        _test.CreateFleet("site", 1800);
        _test.CreateFleet("hall", 700, parent: "site");
    }

    [Fact]
    public void A_rollout_queues_a_thousand_with_the_request_and_the_rest_in_small_steps()
    {
        _test.CreateJob("update-firmware", group: "site");
        AssertBounded(_test.TakeChanges().Count);
        Assert.Equal((1000, true), (_test.Job("update-firmware").Counts.Queued, _test.Job("update-firmware").IsConcurrent));
        Assert.Equal([GroupArn("site")], _test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        // The site and the hall, each gone through once.
        Assert.Equal(2, _test.Realm.TargetExpansions.Count);
        while (_test.Realm.TargetExpansions.Count > 1)
            AssertStep(_test.Step()!.Value);

        var turns = _test.DoDueWork();

        Assert.All(turns, AssertStep);
        Assert.InRange(turns.Count, 1, (700 / DueWork.ChangesPerTurn) + 1);
        Assert.Equal((new JobExecutionCounts { Queued = 2500 }, JobStatus.IN_PROGRESS, false), (_test.Job("update-firmware").Counts, _test.Job("update-firmware").Status, _test.Job("update-firmware").IsConcurrent));
        AssertSound();
    }

    [Fact]
    public void A_job_whose_first_thousand_are_finished_is_not_complete_before_its_rollout_is()
    {
        _test.CreateJob("update-firmware", group: "site");
        foreach (var execution in _test.Realm.Executions.All.ToList())
            _test.Report(execution.ThingName, "update-firmware", JobExecutionStatus.SUCCEEDED);
        Assert.Equal(JobStatus.IN_PROGRESS, _test.Job("update-firmware").Status);

        _test.DoDueWork();
        Assert.Equal((JobStatus.IN_PROGRESS, 1500), (_test.Job("update-firmware").Status, _test.Job("update-firmware").Counts.Queued));
    }

    [Fact]
    public void A_snapshot_is_of_those_who_were_members_when_the_job_was_created()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateGroup("yard", parent: "site");
        _test.CreateJob("update-firmware", group: "site");
        Assert.Equal("", _test.Runs("update-firmware", Last));

        // Due work has not come to any of these.
        _test.Join("pump-1", "hall");
        _test.CreateGroup("barn", parent: "site", members: "pump-2");
        _test.CreateThings("pump-3");
        _test.Join("pump-3", "hall");
        _test.Leave("pump-3", "hall");
        _test.Leave(Last, "hall");
        _test.Leave("hall-699", "hall");
        _test.Join("hall-699", "hall");
        _test.Leave("hall-698", "hall");
        _test.Join("hall-698", "yard");
        _test.DeleteThing("hall-697");
        _test.DeleteThing("hall-696");
        _test.CreateThings("hall-696");
        _test.Join("hall-696", "hall");
        _test.DoDueWork();

        Assert.All(["pump-1", "pump-2", "pump-3"], thing => Assert.Equal("", _test.Runs("update-firmware", thing)));
        Assert.All([Last, "hall-699", "hall-698"], thing => Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", thing)));
        Assert.Equal(("", ""), (_test.Runs("update-firmware", "hall-697"), _test.Runs("update-firmware", "hall-696")));
        Assert.Equal(2498, _test.Job("update-firmware").Counts.Queued);
        AssertSound();
    }

    [Fact]
    public void Whoever_leaves_after_the_rollout_has_come_to_it_runs_once()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.Report(First, "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.Leave(First, "site");
        _test.DeleteExecution("update-firmware", "site-2");
        _test.Leave("site-2", "site");
        _test.DoDueWork();
        Assert.Equal(("1 SUCCEEDED v2", ""), (_test.Runs("update-firmware", First), _test.Runs("update-firmware", "site-2")));
    }

    [Fact]
    public void Whoever_leaves_before_a_continuous_job_has_come_to_it_never_ran()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.Leave(Last, "hall");
        _test.Leave("hall-699", "hall");
        _test.Join("hall-699", "hall");
        _test.DoDueWork();
        Assert.Equal(("", "1 QUEUED v1"), (_test.Runs("update-firmware", Last), _test.Runs("update-firmware", "hall-699")));
    }

    [Fact]
    public void A_rollout_that_comes_to_its_end_without_another_thing_completes_the_job()
    {
        _test.CreateFleet("depot", 1000);
        _test.CreateJob("update-firmware", group: "depot");
        foreach (var execution in _test.Realm.Executions.All.ToList())
            _test.Report(execution.ThingName, "update-firmware", JobExecutionStatus.SUCCEEDED);
        Assert.Equal(JobStatus.IN_PROGRESS, _test.Job("update-firmware").Status);

        _test.DoDueWork();
        Assert.Equal((JobStatus.COMPLETED, 1000), (_test.Job("update-firmware").Status, _test.Job("update-firmware").Counts.Succeeded));
    }

    [Fact]
    public void A_snapshot_survives_the_deletion_of_its_groups()
    {
        _test.CreateFleet("depot", 1500);
        _test.CreateJob("update-firmware", targets: [GroupArn("depot"), GroupArn("site")]);

        _test.Leave(Last, "hall");
        _test.DeleteGroup("hall");
        _test.DeleteGroup("site");
        _test.DeleteGroup("depot");
        _test.DoDueWork();

        Assert.Equal(4000, _test.Job("update-firmware").Counts.Queued);
        AssertSound();
    }

    [Fact]
    public void Of_a_group_below_that_was_deleted_before_nobody_is_a_target()
    {
        _test.CreateFleet("barn", 1500, parent: "site");
        _test.DeleteGroup("barn");
        _test.CreateJob("update-firmware", group: "site");
        _test.DoDueWork();
        Assert.Equal(2500, _test.Job("update-firmware").Counts.Queued);
    }

    [Fact]
    public void A_snapshot_survives_the_deletion_of_a_large_group_below()
    {
        _test.CreateFleet("depot", 1500);
        _test.CreateFleet("barn", 2500, parent: "site");
        _test.CreateJob("update-firmware", targets: [GroupArn("depot"), GroupArn("site")]);

        _test.DeleteGroup("barn");
        _test.DoDueWork();

        Assert.Equal(6500, _test.Job("update-firmware").Counts.Queued);
    }

    [Fact]
    public void Overlapping_targets_make_one_execution_even_when_the_first_is_finished_before_the_second_target_is_reached()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn(Last), GroupArn("site"), GroupArn("hall")]);
        _test.Report(Last, "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.DoDueWork();
        Assert.Equal("1 SUCCEEDED v2", _test.Runs("update-firmware", Last));
        Assert.Equal(2500, _test.Job("update-firmware").Counts.Total);
    }

    [Fact]
    public void A_cancellation_reaches_a_thousand_with_the_request_and_the_rest_in_small_steps()
    {
        RollOut();
        _test.CancelJob("update-firmware");
        AssertBounded(_test.TakeChanges().Count);
        Assert.Equal((JobStatus.CANCELED, true, 1000), (_test.Job("update-firmware").Status, _test.Job("update-firmware").IsConcurrent, _test.Job("update-firmware").Counts.Canceled));

        Assert.All(_test.DoDueWork(), AssertStep);

        Assert.Equal((JobStatus.CANCELED, false, new JobExecutionCounts { Canceled = 2500 }), (_test.Job("update-firmware").Status, _test.Job("update-firmware").IsConcurrent, _test.Job("update-firmware").Counts));
        AssertSound();
    }

    [Fact]
    public void A_cancellation_in_the_middle_of_a_rollout_drops_it()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.CancelJob("update-firmware");
        Assert.Null(_test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        _test.DoDueWork();
        Assert.Equal(new JobExecutionCounts { Canceled = 1000 }, _test.Job("update-firmware").Counts);
        Assert.Equal(0, _test.Realm.TargetExpansions.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_waits_is_dropped_and_what_is_queued_ended_in_small_steps(bool isDeleted)
    {
        var paced = new TestRealm();
        paced.CreateFleet("depot", 2500);
        paced.CreateJob("update-firmware", group: "depot");
        paced.DoDueWork();
        Assert.Equal((1000, 1500), (paced.Job("update-firmware").Counts.Queued, paced.Job("update-firmware").WaitingCount));

        if (isDeleted)
            paced.DeleteJob("update-firmware", force: true);
        else
            paced.CancelJob("update-firmware");
        AssertBounded(paced.TakeChanges().Count);
        Assert.All(paced.DoDueWork(), AssertStep);

        Assert.Equal(
            (isDeleted ? new() : new JobExecutionCounts { Canceled = 1000 }, 0, 0),
            (paced.Job("update-firmware").Counts, paced.Job("update-firmware").WaitingCount, paced.Realm.WaitingTargets.Count));
    }

    [Fact]
    public void With_force_what_runs_is_canceled_too_and_without_it_goes_on()
    {
        RollOut();
        _test.Report(First, "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.CancelJob("update-firmware");
        _test.DoDueWork();
        Assert.Equal("1 IN_PROGRESS v2", _test.Runs("update-firmware", First));

        RollOut("reboot");
        _test.Report(First, "reboot", JobExecutionStatus.IN_PROGRESS);
        _test.CancelJob("reboot", force: true);
        _test.DoDueWork();
        Assert.Equal("1 CANCELED v3", _test.Runs("reboot", First));
        Assert.True(_test.Execution("reboot", First).ForceCanceled);
    }

    [Fact]
    public void A_device_cannot_start_a_canceled_execution_that_due_work_has_not_reached()
    {
        RollOut();
        _test.CancelJob("update-firmware");
        var unreached = Unreached(JobExecutionStatus.QUEUED, 5);

        Assert.Empty(_test.Pending(unreached[0]));
        Assert.Null(Device.StartNextPendingJobExecution.Handle(_test, unreached[1], null).Execution);
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in terminal status CANCELED cannot be changed to be IN_PROGRESS",
            () => _test.Report(unreached[2], "update-firmware", JobExecutionStatus.IN_PROGRESS));
        _test.AssertRefused(
            ServiceError.TerminalState, "Job execution is in terminal status CANCELED.",
            () => Device.DescribeJobExecution.Handle(_test, unreached[3], "update-firmware", null, null));
        Assert.Equal(JobExecutionStatus.CANCELED, DescribeJobExecution.Handle(_test, "update-firmware", unreached[4], null).Execution.Status.Value);
        Assert.Equal("1 CANCELED v2", _test.Runs("update-firmware", unreached[4]));

        _test.DoDueWork();
        Assert.Equal(2500, _test.Job("update-firmware").Counts.Canceled);
    }

    [Fact]
    public void A_device_cannot_finish_an_execution_canceled_with_force_that_due_work_has_not_reached()
    {
        RollOut();
        foreach (var execution in _test.Realm.Executions.All.ToList())
            _test.Report(execution.ThingName, "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.CancelJob("update-firmware", force: true);
        var unreached = Unreached(JobExecutionStatus.IN_PROGRESS, 1)[0];

        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in terminal status CANCELED cannot be changed to be SUCCEEDED",
            () => _test.Report(unreached, "update-firmware", JobExecutionStatus.SUCCEEDED));
        Assert.Empty(_test.Pending(unreached));
    }

    [Fact]
    public void A_deletion_takes_the_executions_in_small_steps_and_the_job_last()
    {
        RollOut();
        _test.DeleteJob("update-firmware", force: true);
        Assert.Equal(2500, _test.Realm.Executions.Count);

        var turns = _test.DoDueWork();
        Assert.All(turns, AssertStep);
        Assert.Equal((2500 / DueWork.ChangesPerTurn, 0, JobStatus.DELETION_IN_PROGRESS), (turns.Count, _test.Realm.Executions.Count, _test.Job("update-firmware").Status));

        _test.Jump(Seconds(2));
        Assert.Equal([2], _test.DoDueWork());
        Assert.Equal((0, 0), (_test.Realm.Jobs.Count, _test.Realm.JobDocuments.Count));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_job_is_not_gone_before_its_last_execution_is_whatever_the_clock_says()
    {
        RollOut();
        _test.DeleteJob("update-firmware", force: true);
        _test.Jump(Days(1));

        _test.Step();
        _test.Step();
        Assert.Equal(JobStatus.DELETION_IN_PROGRESS, _test.Job("update-firmware").Status);
        _test.DoDueWork();
        Assert.Null(_test.Job("update-firmware"));
    }

    [Fact]
    public void A_deletion_in_the_middle_of_a_rollout_drops_it()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.DeleteJob("update-firmware", force: true);
        Assert.Null(_test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        _test.Jump(Seconds(2));
        _test.DoDueWork();
        Assert.Equal((0, 0, 0), (_test.Realm.Jobs.Count, _test.Realm.Executions.Count, _test.Realm.TargetExpansions.Count));
    }

    [Fact]
    public void A_group_that_is_deleted_leaves_nobody_queued()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.DoDueWork();
        _test.Report(Last, "update-firmware", JobExecutionStatus.IN_PROGRESS);

        // The deletion of the hall is not done when that of the site begins.
        _test.CreateFleet("barn", 2500, parent: "hall");
        _test.CreateJob("reboot", group: "site", isContinuous: true);
        _test.DoDueWork();
        _test.Commit();
        _test.DeleteGroup("barn");
        AssertBounded(_test.TakeChanges().Count);
        _test.DeleteGroup("hall");
        _test.DeleteGroup("site");
        Assert.All(_test.DoDueWork(), AssertStep);

        Assert.Equal(new JobExecutionCounts { Removed = 2499, InProgress = 1 }, _test.Job("update-firmware").Counts);
        Assert.Equal(new JobExecutionCounts { Removed = 5000 }, _test.Job("reboot").Counts);
        Assert.Equal((0, 0), (_test.Realm.ThingGroups.Count, _test.Realm.Memberships.Count));
        AssertSound();
    }

    [Fact]
    public void A_group_above_is_not_forgotten_while_things_still_leave_the_one_below()
    {
        _test.CreateGroup("plant");
        _test.CreateFleet("barn", 2500, parent: "plant");
        _test.CreateJob("update-firmware", group: "plant", isContinuous: true);
        _test.DoDueWork();

        _test.DeleteGroup("barn");
        _test.DeleteGroup("plant");
        _test.DoDueWork();

        Assert.Equal(new JobExecutionCounts { Removed = 2500 }, _test.Job("update-firmware").Counts);
        Assert.Equal(["hall", "site"], _test.Realm.ThingGroups.All.Select(group => group.ThingGroupName).Order());
    }

    [Fact]
    public void A_thing_that_is_still_in_a_deleted_group_only_because_due_work_is_late_rejoins_like_any_other()
    {
        _test.CreateFleet("barn", 2500, parent: "site");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.DoDueWork();
        _test.Report("barn-2500", "update-firmware", JobExecutionStatus.SUCCEEDED);

        _test.DeleteGroup("barn");
        _test.Join("barn-2500", "hall");
        _test.DoDueWork();

        Assert.Equal("1 SUCCEEDED v2, 2 QUEUED v1", _test.Runs("update-firmware", "barn-2500"));
    }

    [Fact]
    public void A_thing_with_very_many_open_executions_is_deleted_in_small_steps()
    {
        _test.CreateThings("pump-1");
        foreach (var number in Enumerable.Range(1, 2500))
            _test.CreateJob($"job-{number}", thing: "pump-1");
        _test.Report("pump-1", "job-7", JobExecutionStatus.IN_PROGRESS);
        _test.Commit();

        _test.DeleteThing("pump-1");
        AssertBounded(_test.TakeChanges().Count);
        Assert.Equal(1, _test.Realm.DeletedThings.Count);

        // A thing of the same name inherits nothing, and loses nothing.
        _test.CreateThings("pump-1");
        _test.CreateJob("reboot", thing: "pump-1");
        foreach (var number in Enumerable.Range(1, 1001))
            _test.CreateJob($"new-job-{number}", thing: "pump-1");
        Assert.Equal("reboot", _test.Pending("pump-1").First());
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in terminal status REMOVED cannot be changed to be SUCCEEDED",
            () => _test.Report("pump-1", "job-7", JobExecutionStatus.SUCCEEDED));
        Assert.All(_test.DoDueWork(), AssertStep);

        Assert.Equal(0, _test.Realm.DeletedThings.Count);
        Assert.All(_test.Realm.Jobs.All.Where(job => job.JobId.StartsWith("job", StringComparison.Ordinal)), job => Assert.Equal((JobStatus.COMPLETED, 1), (job.Status, job.Counts.Removed)));
        Assert.All(_test.Realm.Jobs.All.Where(job => !job.JobId.StartsWith("job", StringComparison.Ordinal)), job => Assert.Equal((JobStatus.IN_PROGRESS, 1), (job.Status, job.Counts.Queued)));
        Assert.Equal("1 REMOVED v2", _test.Runs("job-7", "pump-1"));
        AssertSound();
    }

    [Fact]
    public void A_deleted_thing_s_executions_are_found_behind_those_of_a_new_thing_of_its_name()
    {
        _test.CreateThings("pump-1");
        foreach (var number in Enumerable.Range(1, 2500))
            _test.CreateJob($"job-{number}", thing: "pump-1");
        _test.DeleteThing("pump-1");
        _test.CreateThings("pump-1");
        foreach (var number in Enumerable.Range(1, 1001))
            _test.CreateJob($"new-job-{number}", thing: "pump-1");

        _test.DoDueWork();

        Assert.Equal(2500, _test.Realm.Executions.OfThingWithStatus("pump-1", JobExecutionStatus.REMOVED).Count());
        Assert.Equal(1001, _test.Realm.Executions.OfThingWithStatus("pump-1", JobExecutionStatus.QUEUED).Count());
    }

    [Fact]
    public void A_new_thing_of_a_deleted_one_s_name_runs_again_where_it_becomes_a_target()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", group: "hall", isContinuous: true);
        _test.Associate("update-firmware", ThingArn("pump-1"));
        foreach (var number in Enumerable.Range(1, 2500))
            _test.CreateJob($"job-{number}", thing: "pump-1");
        _test.DeleteThing("pump-1");
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-1"));

        _test.CreateThings("pump-1");
        _test.CreateGroup("yard", members: "pump-1");
        _test.Associate("update-firmware", GroupArn("yard"));

        Assert.Equal("1 REMOVED v1, 2 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Work_that_is_owed_is_due_before_any_moment_and_what_is_due_later_waits()
    {
        Assert.Null(DueWork.NextDue(_test.World));
        Assert.Null(DueWork.Step(_test.World));
        _test.CreateJob("update-firmware", group: "site");
        Assert.Equal(new Moment(long.MinValue), DueWork.NextDue(_test.World));
        Assert.Same(_test.Realm, DueWork.Step(_test.World));

        _test.DoDueWork();
        _test.CreateThings("pump-1");
        _test.CreateJob("reboot", thing: "pump-1");
        _test.DeleteJob("reboot", force: true);
        _test.DoDueWork();
        Assert.Equal(Start + Seconds(2), DueWork.NextDue(_test.World));
        Assert.Null(DueWork.Step(_test.World));
    }

    [Fact]
    public void The_earliest_of_all_realms_is_done_first()
    {
        _test.CreateJobInStatus("reboot", JobStatus.COMPLETED);
        var other = _test.World.Realm("210987654321", "us-east-1");
        CreateThing.Handle(other, "pump-1", null);
        CreateJob.Handle(other, "reboot", new() { Targets = new(["arn:aws:iot:us-east-1:210987654321:thing/pump-1"]), Document = "{}" });
        DeleteJob.Handle(other, "reboot", true, null);
        _test.Jump(Seconds(1));
        DeleteJob.Handle(_test, "reboot", null, null);
        _test.DoDueWork();
        Assert.Equal(Start + Seconds(2), DueWork.NextDue(_test.World));
        _test.Jump(Seconds(5));

        Assert.Same(other, DueWork.Step(_test.World));
        Assert.Same(_test.Realm, DueWork.Step(_test.World));
        Assert.Null(DueWork.Step(_test.World));
    }

    private void RollOut(string jobId = "update-firmware")
    {
        _test.CreateJob(jobId, group: "site");
        _test.DoDueWork();
        _test.Commit();
    }

    private string[] Unreached(JobExecutionStatus status, int number) =>
        [.. _test.Realm.Executions.OfJob.RowsIn(new("update-firmware", status, false)).Take(number).Select(execution => execution.ThingName)];

    private static void AssertBounded(int changes) => Assert.InRange(changes, 1, 1250);

    /// <summary>A step changes few rows more than it may: those of the job and of its targets, and what follows for the last of its rows.</summary>
    private static void AssertStep(int changes) => Assert.InRange(changes, 1, DueWork.ChangesPerTurn + 10);

    private void AssertSound()
    {
        WorldView.AssertIndexesFollowRows(_test);
        foreach (var job in _test.Realm.Jobs.All)
        {
            var rows = Enum.GetValues<JobExecutionStatus>().Aggregate(
                new JobExecutionCounts(), (counts, status) => counts.Add(status, _test.Realm.Executions.OfJob.Count(new(job.JobId, status, false))));
            Assert.Equal(rows, job.Counts);
            Assert.Equal((0, 0), (job.ExpandingCount, job.WaitingCount));
        }
    }
}
