namespace IoTJobsEmulator.Testing;

/// <summary>
/// Simulated devices: the emulator takes, reports and ends executions for things, on its own clock. Each simulator belongs to an account and region,
/// which have 100 at most.
/// </summary>
public sealed class SimulatorsClient
{
    private const string Path = "simulators";

    private readonly EmulatorApi _api;

    internal SimulatorsClient(EmulatorApi api) => _api = api;

    /// <summary>Adds a simulator, or replaces the one of its name. Of several that fit a thing the first by name plays it.</summary>
    /// <param name="name">Its name: 1 to 128 letters, digits, and <c>: _ -</c>.</param>
    /// <param name="definition">Which things it plays, and how they behave.</param>
    /// <param name="account">Its account and region; those of the emulator's settings when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The simulator, with what was not given.</returns>
    /// <exception cref="EmulatorException">A value is out of range (InvalidRequestException), or there are too many (LimitExceededException).</exception>
    public Task<Simulator> PutAsync(string name, SimulatorDefinition definition, EmulatorAccount? account = null, CancellationToken cancellationToken = default) =>
        // Of a simulator that was answered only the members of its definition are written.
        _api.Send<Simulator>(HttpMethod.Put, PathOf(name), EmulatorApi.ContentAs(definition), account, cancellationToken: cancellationToken);

    /// <summary>Lists the simulators of an account and region by name.</summary>
    /// <param name="account">The account and region; those of the emulator's settings when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Simulator>> ListAsync(EmulatorAccount? account = null, CancellationToken cancellationToken = default) =>
        (await _api.Send<SimulatorList>(HttpMethod.Get, Path, account: account, cancellationToken: cancellationToken).ConfigureAwait(false)).Simulators;

    /// <summary>Removes a simulator. Executions that its devices have taken stay IN_PROGRESS.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="account">Its account and region; those of the emulator's settings when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What it was.</returns>
    /// <exception cref="EmulatorException">There is none of this name (ResourceNotFoundException).</exception>
    public Task<Simulator> DeleteAsync(string name, EmulatorAccount? account = null, CancellationToken cancellationToken = default) =>
        _api.Send<Simulator>(HttpMethod.Delete, PathOf(name), account: account, cancellationToken: cancellationToken);

    private static string PathOf(string name) => $"{Path}/{EmulatorApi.Segment(name)}";

    private sealed record SimulatorList(IReadOnlyList<Simulator> Simulators);
}
