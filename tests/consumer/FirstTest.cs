using IoTJobsEmulator.Testing;

public class FirstTest
{
    [Fact]
    public async Task A_device_that_is_silent_for_an_hour_is_timed_out()
    {
        await using var emulator = await JobsEmulator.StartAsync();
        var account = emulator.NewAccount();
        await emulator.Seed.RunAsync("""
            {"calls": [
              {"operation": "CreateThing", "input": {"thingName": "pump-1"}, "save": "pump"},
              {"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${pump.thingArn}"], "document": "{}",
                                                   "timeoutConfig": {"inProgressTimeoutInMinutes": 60}}},
              {"operation": "StartNextPendingJobExecution", "input": {"thingName": "pump-1"}}]}
            """, account);

        await emulator.Clock.AdvanceAsync(TimeSpan.FromMinutes(61));

        var executions = new EventFilter { Types = [EventType.Execution], Account = account };
        var happened = await emulator.Events.WaitForAsync(executions, count: 3, TimeSpan.FromSeconds(30));
        Assert.Equal(["QUEUED", "IN_PROGRESS", "TIMED_OUT"], happened.Select(one => one.Status));
    }
}
