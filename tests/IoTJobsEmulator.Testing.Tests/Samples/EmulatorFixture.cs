using IoTJobsEmulator.Testing;

namespace Samples;

/// <summary>An emulator for several tests. It starts before the first of them and ends after the last.</summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    public JobsEmulator Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Emulator = await JobsEmulator.StartAsync(options => options.Settings["deletion-duration"] = "0");

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
