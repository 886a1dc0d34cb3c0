using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>Registers the gate to the world, the clock and the runner of due work. A TimeProvider must be registered.</summary>
public static class TurnsServices
{
    /// <param name="services">The services of the host.</param>
    /// <param name="world">The world, empty, with the settings of the start.</param>
    /// <param name="storage">Where its state is stored.</param>
    public static IServiceCollection AddTurns(this IServiceCollection services, World world, StorageOptions storage)
    {
        // The world itself is not registered: the gate is the only access to it.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TurnGate>(provider, world));
        return services.AddSingleton(storage).AddSingleton<EmulatorClock>().AddSingleton<DueWorkRunner>().AddSingleton<WorldReplacement>().AddSingleton<ClockControl>().AddSingleton<Snapshots>().AddSingleton<StateFiles>()
            .AddHostedService<LifecycleService>();
    }
}
