using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>Many tests in one emulator, each in an account of its own.</summary>
public sealed class ManyAccountsTests(EmulatorFixture fixture)
{
    [Fact]
    public async Task A_hundred_accounts_have_the_same_names_and_know_nothing_of_one_another()
    {
        var accounts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            using var fleet = new Fleet(fixture.Emulator);
            await fleet.CreateThing("pump-1");
            await fleet.CreateJob("update-firmware", "pump-1");
            Assert.Equal("update-firmware", await fleet.StartNext("pump-1"));
            Assert.Equal("IN_PROGRESS", await fleet.StatusOf("update-firmware"));
            await fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
            Assert.Equal("COMPLETED", await fleet.StatusOf("update-firmware"));
            return fleet.Account.AccountId;
        })));
        Assert.Equal(100, accounts.Distinct().Count());
    }
}
