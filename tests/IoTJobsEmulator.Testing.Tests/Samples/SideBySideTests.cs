using Samples;

[assembly: AssemblyFixture(typeof(EmulatorFixture))]

namespace Samples;

/// <summary>One emulator for all tests of the project. Each has an account of its own, so they run side by side.</summary>
public sealed class SideBySideTests(EmulatorFixture fixture)
{
    [Fact]
    public async Task A_job_is_completed_when_its_device_has_succeeded()
    {
        using var fleet = new Fleet(fixture.Emulator);
        await fleet.CreateThing("pump-1");
        await fleet.CreateJob("update-firmware", "pump-1");

        Assert.Equal("update-firmware", await fleet.StartNext("pump-1"));
        await fleet.Report("pump-1", "update-firmware", "SUCCEEDED");

        Assert.Equal("COMPLETED", await fleet.StatusOf("update-firmware"));
    }
}
