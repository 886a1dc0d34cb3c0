using IoTJobsEmulator.Testing;

namespace Samples;

/// <summary>One emulator for the tests of several classes, which run one after the other.</summary>
[CollectionDefinition(nameof(EmulatorCollection))]
public sealed class EmulatorCollection : ICollectionFixture<EmulatorFixture>;

[Collection(nameof(EmulatorCollection))]
public sealed class CollectionFixtureTests(EmulatorFixture fixture)
{
    [Fact]
    public async Task A_device_reports_again_after_it_was_throttled()
    {
        var emulator = fixture.Emulator;
        using var fleet = new Fleet(emulator);
        await fleet.CreateThing("pump-1");
        await fleet.CreateJob("update-firmware", "pump-1");
        await emulator.Faults.AddAsync(new FaultRule
        {
            Operation = "UpdateJobExecution",
            Account = fleet.Account.AccountId,
            Error = new("ThrottlingException"),
            Times = 1,
        });

        while (!(await fleet.Report("pump-1", "update-firmware", "SUCCEEDED")).IsSuccessStatusCode)
            continue;

        var asked = await emulator.Requests.WaitForAsync(
            new() { Operation = "UpdateJobExecution", Account = fleet.Account.AccountId }, count: 2, TimeSpan.FromSeconds(30));
        Assert.Equal(["ThrottlingException", null], asked.Select(request => request.Error));
        Assert.Equal("COMPLETED", await fleet.StatusOf("update-firmware"));
    }
}
