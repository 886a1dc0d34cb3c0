using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>What leaves and rejoins, as observed on AWS.</summary>
public sealed class ContinuousTargetsTests
{
    private readonly TestRealm _test = new();

    public ContinuousTargetsTests()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateGroup("yard");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
    }

    [Theory]
    [InlineData(QUEUED, "1 REMOVED v1", "1 REMOVED v1, 2 QUEUED v1")]
    [InlineData(IN_PROGRESS, "1 IN_PROGRESS v2", "1 IN_PROGRESS v2")]
    [InlineData(SUCCEEDED, "1 SUCCEEDED v2", "1 SUCCEEDED v2, 2 QUEUED v1")]
    [InlineData(FAILED, "1 FAILED v2", "1 FAILED v2, 2 QUEUED v1")]
    [InlineData(REJECTED, "1 REJECTED v2", "1 REJECTED v2, 2 QUEUED v1")]
    [InlineData(CANCELED, "1 CANCELED v2", "1 CANCELED v2, 2 QUEUED v1")]
    [InlineData(TIMED_OUT, "1 TIMED_OUT v3", "1 TIMED_OUT v3, 2 QUEUED v1")]
    public void A_thing_leaves_and_rejoins(JobExecutionStatus newest, string afterLeaving, string afterRejoining)
    {
        _test.BringExecutionTo("update-firmware", "pump-1", newest);

        _test.Leave("pump-1", "site");
        Assert.Equal(afterLeaving, Runs());
        _test.Join("pump-1", "site");
        Assert.Equal(afterRejoining, Runs());
    }

    [Fact]
    public void What_runs_may_finish_outside_the_group_and_runs_again_after_rejoining()
    {
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        _test.Leave("pump-1", "site");
        _test.Report("pump-1", "update-firmware", SUCCEEDED);
        _test.Join("pump-1", "site");
        Assert.Equal("1 SUCCEEDED v3, 2 QUEUED v1", Runs());
    }

    [Fact]
    public void What_rejoins_while_it_runs_does_not_run_again()
    {
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        _test.Report("pump-1", "update-firmware", SUCCEEDED);
        Assert.Equal("1 SUCCEEDED v3", Runs());
    }

    [Fact]
    public void What_is_overdue_when_it_rejoins_is_timed_out_and_runs_again()
    {
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: 1);
        _test.Leave("pump-1", "site");
        _test.Jump(Minutes(1));
        _test.Join("pump-1", "site");
        Assert.Equal("1 TIMED_OUT v3, 2 QUEUED v1", Runs());
    }

    [Fact]
    public void Being_a_member_is_not_enough_and_joining_again_is_no_join()
    {
        _test.Report("pump-1", "update-firmware", SUCCEEDED);
        _test.Join("pump-1", "site");
        Assert.Equal("1 SUCCEEDED v2", Runs());
    }

    [Fact]
    public void Numbers_and_counts_go_on()
    {
        foreach (var _ in Enumerable.Range(1, 3))
        {
            _test.Leave("pump-1", "site");
            _test.Join("pump-1", "site");
        }
        Assert.Equal("1 REMOVED v1, 2 REMOVED v1, 3 REMOVED v1, 4 QUEUED v1", Runs());
        Assert.Equal(new() { Removed = 3, Queued = 1 }, _test.Job("update-firmware").Counts);
    }

    [Fact]
    public void Joining_a_second_target_after_the_first_run_gives_another_and_leaving_one_of_two_nothing()
    {
        _test.CreateJob("reboot", targets: [GroupArn("site"), GroupArn("yard")], isContinuous: true);
        _test.Report("pump-1", "reboot", SUCCEEDED);
        _test.Join("pump-1", "yard");
        Assert.Equal("1 SUCCEEDED v2, 2 QUEUED v1", _test.Runs("reboot", "pump-1"));

        _test.Leave("pump-1", "site");
        Assert.Equal("1 SUCCEEDED v2, 2 QUEUED v1", _test.Runs("reboot", "pump-1"));
        _test.Leave("pump-1", "yard");
        Assert.Equal("1 SUCCEEDED v2, 2 REMOVED v1", _test.Runs("reboot", "pump-1"));
    }

    [Fact]
    public void A_thing_that_is_a_target_by_name_stays_one_when_it_leaves()
    {
        _test.CreateJob("reboot", targets: [ThingArn("pump-1"), GroupArn("site")], isContinuous: true);
        _test.Leave("pump-1", "site");
        Assert.Equal("1 QUEUED v1", _test.Runs("reboot", "pump-1"));
    }

    [Fact]
    public void Joining_a_child_group_is_joining_the_group_above()
    {
        _test.CreateGroup("hall", parent: "site");
        _test.CreateGroup("room", parent: "hall", members: "pump-2");
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-2"));
        _test.Leave("pump-2", "room");
        Assert.Equal("1 REMOVED v1", _test.Runs("update-firmware", "pump-2"));
    }

    [Fact]
    public void Moving_within_a_tree_is_leaving_and_joining()
    {
        _test.CreateGroup("hall", parent: "site");
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "hall");
        Assert.Equal("1 REMOVED v1, 2 QUEUED v1", Runs());
    }

    [Fact]
    public void A_deleted_group_is_left_by_all_and_one_of_the_same_name_is_another()
    {
        _test.DeleteGroup("site");
        Assert.Equal("1 REMOVED v1", Runs());

        _test.CreateGroup("site", members: "pump-1");
        Assert.Equal("1 REMOVED v1", Runs());
    }

    [Fact]
    public void A_deleted_child_group_is_left_by_all()
    {
        _test.CreateGroup("hall", parent: "site", members: "pump-2");
        _test.DeleteGroup("hall");
        Assert.Equal("1 REMOVED v1", _test.Runs("update-firmware", "pump-2"));
    }

    [Fact]
    public void A_snapshot_job_does_not_follow()
    {
        _test.CreateJob("reboot", group: "site");
        _test.Leave("pump-1", "site");
        _test.CreateThings("pump-2");
        _test.Join("pump-2", "site");
        Assert.Equal(("1 QUEUED v1", ""), (_test.Runs("reboot", "pump-1"), _test.Runs("reboot", "pump-2")));
    }

    [Theory]
    [InlineData(QUEUED, "1 REMOVED v1")]
    [InlineData(IN_PROGRESS, "1 REMOVED v2")]
    [InlineData(SUCCEEDED, "1 SUCCEEDED v2")]
    public void A_deleted_thing_s_open_executions_are_removed_and_its_snapshot_job_completes(JobExecutionStatus newest, string afterwards)
    {
        _test.CreateJob("reboot", thing: "pump-1");
        _test.BringExecutionTo("reboot", "pump-1", newest);
        _test.DeleteThing("pump-1");

        Assert.Equal((afterwards, JobStatus.COMPLETED), (_test.Runs("reboot", "pump-1"), _test.Job("reboot").Status));
        Assert.Equal((0, 0), (_test.Realm.Memberships.Count, _test.Realm.DeletedThings.Count));
        _test.CreateThings("pump-1");
        Assert.Empty(_test.Pending("pump-1"));
    }

    [Fact]
    public void A_continuous_job_whose_executions_are_all_terminal_goes_on()
    {
        _test.Report("pump-1", "update-firmware", SUCCEEDED);
        Assert.Equal(JobStatus.IN_PROGRESS, _test.Job("update-firmware").Status);
    }

    [Fact]
    public void What_joins_a_job_that_waits_for_its_start_waits_too_and_what_leaves_waits_no_more()
    {
        _test.Realm.Jobs.Change("update-firmware", job => job with { Status = JobStatus.SCHEDULED });
        _test.CreateThings("pump-2", "pump-3", "pump-4");
        foreach (var thing in new[] { "pump-2", "pump-3", "pump-4" })
            _test.Join(thing, "site");
        Assert.Equal((3, ""), (_test.Job("update-firmware").WaitingCount, _test.Runs("update-firmware", "pump-2")));

        _test.Leave("pump-3", "site");
        _test.DeleteThing("pump-4");
        _test.CreateThings("pump-4");
        _test.Realm.Jobs.Change("update-firmware", job => job with { Status = JobStatus.IN_PROGRESS });
        _test.DoDueWork();

        Assert.Equal(("1 QUEUED v1", "", ""), (_test.Runs("update-firmware", "pump-2"), _test.Runs("update-firmware", "pump-3"), _test.Runs("update-firmware", "pump-4")));
        Assert.Equal((0, 0), (_test.Job("update-firmware").WaitingCount, _test.Realm.WaitingTargets.Count));
    }

    [Fact]
    public void What_joins_two_targets_of_a_job_that_waits_for_its_start_waits_once()
    {
        _test.CreateJob("reboot", targets: [GroupArn("site"), GroupArn("yard")], isContinuous: true);
        _test.Realm.Jobs.Change("reboot", job => job with { Status = JobStatus.SCHEDULED });
        _test.CreateThings("pump-2");
        _test.Join("pump-2", "site");
        _test.Join("pump-2", "yard");

        Assert.Equal((1, 1), (_test.Job("reboot").WaitingCount, _test.Realm.WaitingTargets.Count));
    }

    [Fact]
    public void Numbers_go_on_from_the_newest_run_whichever_were_deleted_before_it()
    {
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        _test.DeleteExecution("update-firmware", "pump-1");
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        Assert.Equal("2 REMOVED v1, 3 QUEUED v1", Runs());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_waits_for_a_job_goes_with_it(bool isDeleted)
    {
        _test.Realm.Jobs.Change("update-firmware", job => job with { Status = JobStatus.SCHEDULED });
        _test.DeleteExecution("update-firmware", "pump-1");
        _test.CreateThings("pump-2");
        _test.Join("pump-2", "site");

        if (isDeleted)
            _test.DeleteJob("update-firmware", force: true);
        else
            _test.CancelJob("update-firmware");
        Assert.Equal(isDeleted ? 1 : 0, _test.DoDueWork().Count);

        Assert.Equal((0, 0), (_test.Job("update-firmware").WaitingCount, _test.Realm.WaitingTargets.Count));
    }

    private string Runs() => _test.Runs("update-firmware", "pump-1");
}
