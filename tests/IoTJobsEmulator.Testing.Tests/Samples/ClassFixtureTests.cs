namespace Samples;

/// <summary>One emulator for the tests of a class. They run one after the other, so they may turn its clock.</summary>
public sealed class ClassFixtureTests(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_device_that_is_silent_for_an_hour_is_timed_out()
    {
        using var fleet = new Fleet(fixture.Emulator);
        await fleet.CreateThing("pump-1");
        await fleet.CreateJob("update-firmware", "pump-1", timeoutInMinutes: 60);
        await fleet.StartNext("pump-1");

        await fixture.Emulator.Clock.AdvanceAsync(TimeSpan.FromMinutes(61), TestContext.Current.CancellationToken);

        Assert.Equal("TIMED_OUT", await fleet.StatusOf("update-firmware", "pump-1"));
    }
}
