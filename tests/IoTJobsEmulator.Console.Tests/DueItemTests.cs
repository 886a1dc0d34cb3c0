using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.WebConsole.Queries;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>What will happen without a request.</summary>
public sealed class DueItemTests
{
    private readonly FakeEmulator _emulator = new();

    [Fact]
    public void Timeouts_and_minutes_of_rollouts_are_due_and_timeouts_of_a_job_are_one_item()
    {
        _emulator.CreateWith("with-timeout", new() { TimeoutConfig = new() { InProgressTimeoutInMinutes = 5 } }, "pump-1", "pump-2");
        _emulator.CreateWith("slow", new() { JobExecutionsRolloutConfig = new() { MaximumPerMinute = 1 } }, "pump-3", "pump-4");
        _emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-1", null));
        _emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-2", new() { StepTimeoutInMinutes = 20 }));
        Assert.Equal(
            [("slow", null, 60, 0), ("with-timeout", "pump-1", 300, 1)],
            DueItem.Next(_emulator.Realm, 8).Select(item => (item.JobId, item.ThingName, (int)(item.At!.Value - FakeEmulator.Start).TotalSeconds, item.More)));
    }

    [Fact]
    public void Of_one_job_only_its_own_is_listed()
    {
        _emulator.CreateWith("with-timeout", new() { TimeoutConfig = new() { InProgressTimeoutInMinutes = 5 } }, "pump-1");
        _emulator.CreateWith("slow", new() { JobExecutionsRolloutConfig = new() { MaximumPerMinute = 1 } }, "pump-3", "pump-4");
        _emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-1", null));
        Assert.Equal(["pump-1"], DueItem.OfOneJob(_emulator.Realm, _emulator.Realm.Jobs.Find("with-timeout")!).Select(item => item.ThingName));
        Assert.Equal([null], DueItem.OfOneJob(_emulator.Realm, _emulator.Realm.Jobs.Find("slow")!).Select(item => item.ThingName));
    }

    [Fact]
    public void What_simulated_devices_do_next_is_due_too()
    {
        var behavior = new SimulatedBehavior { PicksUp = 5000, TakesFrom = 10_000, TakesTo = 10_000, Outcomes = new() { Succeeded = 1 } };
        _emulator.Turn(realm => SimulatorChanges.Put(realm, new() { Ordinal = 0, Name = "pumps", Things = "pump-*", Behavior = behavior }));
        _emulator.Create("update-firmware", "pump-1", "pump-2");
        Assert.Equal(
            [("A simulated device looks for an execution", null, "pump-1", 5, 1)],
            DueItem.Next(_emulator.Realm, 8).Select(item => (item.What, item.JobId, item.ThingName, (int)(item.At!.Value - FakeEmulator.Start).TotalSeconds, item.More)));
        _emulator.Create("of-another-thing", "valve-1");
        Assert.Equal(["pump-1"], DueItem.OfOneJob(_emulator.Realm, _emulator.Realm.Jobs.Find("update-firmware")!).Select(item => item.ThingName));
        Assert.Empty(DueItem.OfOneJob(_emulator.Realm, _emulator.Realm.Jobs.Find("of-another-thing")!));
    }
}
