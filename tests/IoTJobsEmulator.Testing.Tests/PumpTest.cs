using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>A test with an emulator of its own, a client of it as one of a container would be, and the thing pump-1.</summary>
public abstract class PumpTest : IAsyncLifetime
{
    protected JobsEmulator Emulator { get; private set; } = null!;

    protected EmulatorClient Client { get; private set; } = null!;

    private protected Fleet Fleet { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await JobsEmulator.StartAsync();
        Client = new(Emulator.ServiceUrl);
        Fleet = new(Client);
        await Fleet.CreateThing("pump-1");
    }

    public async ValueTask DisposeAsync()
    {
        Fleet.Dispose();
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
