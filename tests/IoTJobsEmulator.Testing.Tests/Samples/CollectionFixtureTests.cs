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
        var throttled = new FaultRule
        {
            Operation = "UpdateJobExecution",
            Account = fleet.Account.AccountId,
            Error = new("ThrottlingException"),
            Times = 1,
        };
        await emulator.Faults.AddAsync(throttled, TestContext.Current.CancellationToken);

        while (!(await fleet.Report("pump-1", "update-firmware", "SUCCEEDED")).IsSuccessStatusCode)
            continue;

        var reports = new RequestFilter { Operation = "UpdateJobExecution", Account = fleet.Account.AccountId };
        var asked = await emulator.Requests.WaitForAsync(reports, count: 2, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["ThrottlingException", null], asked.Select(request => request.Error));
        Assert.Equal("COMPLETED", await fleet.StatusOf("update-firmware"));
    }
}
