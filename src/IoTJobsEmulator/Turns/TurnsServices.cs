using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>What Program registers: the gate to the world, the clock, the journal behind it. A TimeProvider is there already.</summary>
public static class TurnsServices
{
    /// <param name="services">The services of the host.</param>
    /// <param name="world">The world, empty, with the settings of the start.</param>
    /// <param name="storage">Where it is remembered.</param>
    /// <param name="dueWorkRunsByItself">False in tests, which call <see cref="TurnGate.RunDueWork"/>.</param>
    public static IServiceCollection AddTurns(
        this IServiceCollection services, World world, StorageOptions storage, bool dueWorkRunsByItself = true)
    {
        services.AddSingleton(storage).AddSingleton<EmulatorClock>().AddSingleton<Journal>();
        // The world itself is not registered: the gate is the only door to it.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TurnGate>(provider, world));
        return dueWorkRunsByItself ? services.AddHostedService<LifecycleService>() : services;
    }
}
