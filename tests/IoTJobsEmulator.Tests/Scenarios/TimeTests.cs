namespace IoTJobsEmulator.Tests.Scenarios;

/// <summary>Days and weeks of a fleet, in milliseconds.</summary>
public sealed class TimeTests : Scenario
{
    [Fact]
    public async Task A_seven_day_timeout_takes_milliseconds()
    {
        await Things(1);
        await CreateJob("update-firmware", """{"timeoutConfig": {"inProgressTimeoutInMinutes": 10080}}""");
        await StartNext("pump-1");

        await Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(("IN_PROGRESS", 1), ((string)(await Execution("update-firmware", "pump-1"))["status"]!, (int)(await Execution("update-firmware", "pump-1"))["approximateSecondsBeforeTimedOut"]!));
        await Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(("COMPLETED", "TimedOut 1"), (await Status("update-firmware"), await Counts("update-firmware")));
    }

    [Fact]
    public async Task A_device_that_takes_too_long_may_not_come_back()
    {
        await Things(1);
        await CreateJob("update-firmware", """{"timeoutConfig": {"inProgressTimeoutInMinutes": 10}}""");
        await StartNext("pump-1");

        await Minutes(11);

        Assert.Equal((409, "InvalidStateTransitionException", "Job execution in terminal status TIMED_OUT cannot be changed to be SUCCEEDED"), (await Report("pump-1", "update-firmware", "SUCCEEDED")).Refusal);
        Assert.Null(await StartNext("pump-1"));
    }

    [Fact]
    public async Task A_rollout_goes_on_minute_by_minute_and_faster_with_what_was_notified()
    {
        await Things(20);
        await CreateJob("update-firmware", """
            {"jobExecutionsRolloutConfig": {"maximumPerMinute": 8, "exponentialRate":
                {"baseRatePerMinute": 2, "incrementFactor": 2, "rateIncreaseCriteria": {"numberOfNotifiedThings": 4}}}}
            """, things: 20);
        List<(int, bool, int?)> seen = [];
        for (var minute = 0; minute <= 4; minute++)
        {
            var job = await Job("update-firmware");
            seen.Add((await Queued("update-firmware"), (bool)job["isConcurrent"]!, job["jobProcessDetails"]!["processingTargets"]?.AsArray().Count));
            await Minutes(1);
        }

        Assert.Equal([(2, true, 18), (4, true, 16), (8, true, 12), (16, true, 4), (20, false, null)], seen);
    }

    [Fact]
    public async Task A_job_changed_in_the_middle_of_its_rollout_goes_on_at_its_new_rate_from_the_next_minute()
    {
        await Things(10);
        await CreateJob("update-firmware", """{"jobExecutionsRolloutConfig": {"maximumPerMinute": 1}, "timeoutConfig": {"inProgressTimeoutInMinutes": 5}}""", things: 10);
        await StartNext("pump-1");
        await Pass(TimeSpan.FromSeconds(30));
        await UpdateJob("update-firmware", """{"jobExecutionsRolloutConfig": {"maximumPerMinute": 9}, "timeoutConfig": {"inProgressTimeoutInMinutes": 60}}""");
        Assert.Equal("InProgress 1", await Counts("update-firmware"));

        await Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("Queued 9, InProgress 1", await Counts("update-firmware"));
        await StartNext("pump-2");
        await Minutes(5);

        Assert.Equal("Queued 8, InProgress 1, TimedOut 1", await Counts("update-firmware"));
    }

    [Fact]
    public async Task Too_many_failures_end_a_rollout()
    {
        await Things(6);
        await CreateJob("update-firmware", """
            {"jobExecutionsRolloutConfig": {"maximumPerMinute": 2},
             "abortConfig": {"criteriaList": [{"failureType": "ALL", "action": "CANCEL", "minNumberOfExecutedThings": 2, "thresholdPercentage": 66.67}]}}
            """, things: 6);
        await Report("pump-1", "update-firmware", "SUCCEEDED");
        await Report("pump-2", "update-firmware", "REJECTED");
        await Minutes(1);
        await StartNext("pump-3");
        await Report("pump-4", "update-firmware", "FAILED");
        Assert.Equal("IN_PROGRESS", await Status("update-firmware"));
        await Minutes(1);
        await Report("pump-5", "update-firmware", "FAILED");

        Assert.Equal(("CANCELED", "Canceled 1, Succeeded 1, Failed 2, Rejected 1, InProgress 1"), (await Status("update-firmware"), await Counts("update-firmware")));
        Assert.NotNull((await Job("update-firmware"))["reasonCode"]);
        await Done(Report("pump-3", "update-firmware", "SUCCEEDED"));
        Assert.Null((await Job("update-firmware"))["jobProcessDetails"]!["processingTargets"]);
    }

    [Fact]
    public async Task A_job_is_complete_after_the_last_attempt()
    {
        await Things(1);
        await CreateJob("update-firmware", """
            {"timeoutConfig": {"inProgressTimeoutInMinutes": 10}, "jobExecutionsRetryConfig": {"criteriaList": [{"failureType": "ALL", "numberOfRetries": 10}]}}
            """);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal("update-firmware", await StartNext("pump-1"));
            await Minutes(10);
            Assert.Equal("IN_PROGRESS", await Status("update-firmware"));
        }
        Assert.Equal(11, (int)(await Execution("update-firmware", "pump-1"))["executionNumber"]!);
        await Report("pump-1", "update-firmware", "FAILED");

        Assert.Equal(("COMPLETED", "Failed 1, TimedOut 10"), (await Status("update-firmware"), await Counts("update-firmware")));
    }

    [Theory]
    [InlineData("STOP_ROLLOUT", "IN_PROGRESS", "Failed 2, Queued 1, InProgress 1", "Succeeded 2, Failed 2")]
    [InlineData("CANCEL", "IN_PROGRESS", "Canceled 1, Failed 2, InProgress 1", "Canceled 1, Succeeded 1, Failed 2")]
    [InlineData("FORCE_CANCEL", "COMPLETED", "Canceled 2, Failed 2", "Canceled 2, Failed 2")]
    public async Task The_end_of_a_job_does_what_its_behavior_says(string endBehavior, string status, string atTheEnd, string inTheEnd)
    {
        await Things(4);
        await CreateJob("update-firmware", $$"""
            {"jobExecutionsRolloutConfig": {"maximumPerMinute": 1},
             "schedulingConfig": {"startTime": "2026-01-02 08:00", "endTime": "2026-01-02 08:30", "endBehavior": "{{endBehavior}}"} }
            """, things: 4);
        Assert.Equal(("SCHEDULED", null), (await Status("update-firmware"), await StartNext("pump-1")));
        await Pass(TimeSpan.FromHours(20));
        await StartNext("pump-1");
        await Minutes(29);
        await Report("pump-3", "update-firmware", "FAILED");
        await Report("pump-4", "update-firmware", "FAILED");
        await Minutes(1);

        Assert.Equal((status, atTheEnd), (await Status("update-firmware"), await Counts("update-firmware")));
        await Report("pump-1", "update-firmware", "SUCCEEDED");
        await Report("pump-2", "update-firmware", "SUCCEEDED");
        Assert.Equal(("COMPLETED", inTheEnd), (await Status("update-firmware"), await Counts("update-firmware")));
    }

    [Fact]
    public async Task A_job_goes_on_from_window_to_window_and_retries_in_the_next()
    {
        await Things(3);
        await CreateJob("update-firmware", """
            {"targetSelection": "CONTINUOUS", "jobExecutionsRolloutConfig": {"maximumPerMinute": 1},
             "jobExecutionsRetryConfig": {"criteriaList": [{"failureType": "FAILED", "numberOfRetries": 1}]},
             "schedulingConfig": {"maintenanceWindows": [{"startTime": "cron(0 2 ? * * *)", "durationInMinutes": 2}]}}
            """, things: 3);
        List<string> nights = [await Counts("update-firmware")];
        await Pass(TimeSpan.FromHours(14));
        await StartNext("pump-1");
        await Minutes(60);
        nights.Add(await Counts("update-firmware"));
        await Report("pump-1", "update-firmware", "FAILED");
        nights.Add($"{await Status("update-firmware")}: {await Counts("update-firmware")}");
        await Pass(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(2));
        nights.Add($"{await Status("update-firmware")}: {await Counts("update-firmware")}");

        Assert.Equal(["", "Queued 1, InProgress 1", "SCHEDULED: Failed 1, Queued 1", "SCHEDULED: Failed 1, Queued 3"], nights);
        Assert.Equal(2, (int)(await Execution("update-firmware", "pump-1"))["executionNumber"]!);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_rollout_forgets_nothing()
    {
        await Things(5);
        await CreateJob("update-firmware", """{"jobExecutionsRolloutConfig": {"maximumPerMinute": 1}, "timeoutConfig": {"inProgressTimeoutInMinutes": 3}}""", things: 5);
        await StartNext("pump-1");
        await Minutes(1);

        await Restart();
        Assert.Equal("Queued 1, InProgress 1", await Counts("update-firmware"));
        await Minutes(2);

        Assert.Equal("Queued 3, TimedOut 1", await Counts("update-firmware"));
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_a_deletion_ends_it()
    {
        await Things(1);
        await CreateJob("update-firmware");
        await Done(Emulator.Send("DELETE", "/jobs/update-firmware?force=true"));
        Assert.Equal("DELETION_IN_PROGRESS", await Status("update-firmware"));

        await Restart();
        Assert.Equal("DELETION_IN_PROGRESS", await Status("update-firmware"));
        await Restart(downtime: TimeSpan.FromSeconds(2));

        Assert.Equal(404, (await Emulator.Send("GET", "/jobs/update-firmware")).Status);
        await CreateJob("update-firmware");
    }

    [Fact]
    public async Task What_fell_due_while_the_emulator_was_down_is_done_late()
    {
        await Things(5);
        await CreateJob("update-firmware", """{"jobExecutionsRolloutConfig": {"maximumPerMinute": 1}, "timeoutConfig": {"inProgressTimeoutInMinutes": 3}}""", things: 5);
        await CreateJob("rotate-keys", """{"schedulingConfig": {"startTime": "2026-01-01 13:00", "endTime": "2026-01-01 14:00", "endBehavior": "CANCEL"}}""");
        await StartNext("pump-1");

        await Restart(downtime: TimeSpan.FromDays(1));

        Assert.Equal(("Queued 4, TimedOut 1", "COMPLETED"), (await Counts("update-firmware"), await Status("rotate-keys")));
        Assert.Equal(1767355200, (long)(await Execution("update-firmware", "pump-5"))["queuedAt"]!);
    }

    [Fact]
    public async Task A_thing_that_is_deleted_before_the_rollout_comes_to_it_and_comes_back_runs_like_one_that_joins()
    {
        await Things(2);
        await Done(Emulator.Send("POST", "/thing-groups/hall"));
        await Join("pump-1");
        await Join("pump-2");
        await Done(Emulator.Send("PUT", "/jobs/update-firmware", """
            {"targets": ["arn:aws:iot:us-east-1:123456789012:thinggroup/hall"], "document": "{}", "targetSelection": "CONTINUOUS",
             "jobExecutionsRolloutConfig": {"maximumPerMinute": 1}}
            """));

        await Done(Emulator.Send("DELETE", "/things/pump-2"));
        await Things(2);
        await Join("pump-2");
        Assert.Equal("Queued 2", await Counts("update-firmware"));
        await Minutes(2);

        Assert.Equal(("Queued 2", null), (await Counts("update-firmware"), (await Job("update-firmware"))["jobProcessDetails"]!["processingTargets"]));

        Task Join(string thing) => Done(Emulator.Send("PUT", "/thing-groups/addThingToThingGroup", $$"""{"thingName": "{{thing}}", "thingGroupName": "hall"}"""));
    }
}
