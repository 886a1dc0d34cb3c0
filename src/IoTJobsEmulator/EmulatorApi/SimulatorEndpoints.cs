using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Fleets of devices that the emulator plays, each of one account and region: the caller's, unless the query names another.</summary>
internal sealed class SimulatorEndpoints(TurnGate turns, EmulatorOptions options)
{
    /// <param name="Simulators">By name.</param>
    public sealed record SimulatorsView(IReadOnlyList<SimulatorView> Simulators);

    /// <summary>A simulator as it stands.</summary>
    public sealed record SimulatorView : SimulatorDefinition
    {
        public SimulatorView(Realm realm, Simulator simulator) : base(simulator) =>
            (Name, Busy) = (simulator.Name, realm.SimulatedDevices.OfSimulator.Count(simulator.Ordinal));

        public string Name { get; }

        /// <summary>How many of its devices are about to take an execution, or have one.</summary>
        public int Busy { get; }
    }

    private sealed class LimitAttribute() : NumberShapeAttribute(1, Simulator.MaxSimulators);

    /// <summary>Lists the simulators by name.</summary>
    /// <param name="after">Only those with later names: the last one that was seen.</param>
    /// <param name="limit">How many at most; 100 when not given.</param>
    /// <param name="account">The account; the caller's when not given.</param>
    /// <param name="region">The region; the caller's when not given.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    public ValueTask<SimulatorsView> ListSimulators(
        [SimulatorName] string? after, [Limit] int? limit, [FaultAccount] string? account, [FaultRegion] string? region, Tenant? caller)
    {
        var realm = RealmOf(account, region, caller);
        return turns.Take(realm, () => new SimulatorsView([.. realm.Simulators.ByName.RowsAfter(new(after ?? "", long.MaxValue))
            .Take(limit ?? Simulator.MaxSimulators).Select(simulator => new SimulatorView(realm, simulator))]));
    }

    /// <summary>Shows a simulator.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="account">The account; the caller's when not given.</param>
    /// <param name="region">The region; the caller's when not given.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    public ValueTask<SimulatorView> GetSimulator([Required, SimulatorName] string name, [FaultAccount] string? account, [FaultRegion] string? region, Tenant? caller)
    {
        var realm = RealmOf(account, region, caller);
        return turns.Take(realm, () => new SimulatorView(realm, Find(realm, name)));
    }

    /// <summary>
    /// Adds a simulator, or replaces the one of its name: what that had scheduled goes. Of several that fit a thing the first by name plays it. There
    /// are 100 at most.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="request">Which things it plays, and how they behave.</param>
    /// <param name="account">The account; the caller's when not given.</param>
    /// <param name="region">The region; the caller's when not given.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    public ValueTask<SimulatorView> PutSimulator(
        [Required, SimulatorName] string name, SimulatorDefinition request, [FaultAccount] string? account, [FaultRegion] string? region, Tenant? caller)
    {
        var (realm, simulator) = (RealmOf(account, region, caller), request.ToSimulator(name));
        return turns.Take(realm, () =>
        {
            SimulatorChanges.Put(realm, simulator);
            return new SimulatorView(realm, Find(realm, name));
        });
    }

    /// <summary>Removes a simulator and what it had scheduled, and answers it. Executions that its devices have taken stay IN_PROGRESS.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="account">The account; the caller's when not given.</param>
    /// <param name="region">The region; the caller's when not given.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    public ValueTask<SimulatorView> DeleteSimulator([Required, SimulatorName] string name, [FaultAccount] string? account, [FaultRegion] string? region, Tenant? caller)
    {
        var realm = RealmOf(account, region, caller);
        return turns.Take(realm, () =>
        {
            var simulator = Find(realm, name);
            var deleted = new SimulatorView(realm, simulator);
            SimulatorChanges.Delete(realm, simulator);
            return deleted;
        });
    }

    private static Simulator Find(Realm realm, string name) =>
        realm.Simulators.Named(name) ?? throw ServiceError.ResourceNotFound.Because($"Simulator {name} cannot be found.");

    private Realm RealmOf(string? account, string? region, Tenant? caller) =>
        turns.RealmOf(account ?? caller?.Account ?? options.Account, region ?? caller?.Region ?? options.Region);
}
