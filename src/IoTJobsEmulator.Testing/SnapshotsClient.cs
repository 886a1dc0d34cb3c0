namespace IoTJobsEmulator.Testing;

/// <summary>
/// Snapshots of everything: all accounts and regions, the clock and the settings, not faults and the journal of requests. They are in the emulator's
/// memory, outlive a reset, and are gone when it ends. There are 100 at most, of 5 000 000 rows in all.
/// </summary>
public sealed class SnapshotsClient
{
    private const string Path = "snapshots";

    private readonly EmulatorApi _api;

    internal SnapshotsClient(EmulatorApi api) => _api = api;

    /// <summary>Takes a snapshot, which replaces one of the same name.</summary>
    /// <param name="name">Its name: 1 to 128 letters, digits, and <c>: _ . -</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EmulatorException">There are too many, or of too many rows (LimitExceededException).</exception>
    public Task<Snapshot> TakeAsync(string name, CancellationToken cancellationToken = default) => Send(HttpMethod.Put, name, "", cancellationToken);

    /// <summary>Makes everything as it was in a snapshot, which stays. MQTT clients stay connected and hear nothing of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EmulatorException">There is none of this name (ResourceNotFoundException).</exception>
    public Task<Snapshot> RestoreAsync(string name, CancellationToken cancellationToken = default) => Send(HttpMethod.Post, name, "/restore", cancellationToken);

    /// <summary>Lists the snapshots by name.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Snapshot>> ListAsync(CancellationToken cancellationToken = default) =>
        (await _api.Send<SnapshotList>(HttpMethod.Get, Path, cancellationToken: cancellationToken).ConfigureAwait(false)).Snapshots;

    /// <summary>Removes a snapshot.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What it was.</returns>
    /// <exception cref="EmulatorException">There is none of this name (ResourceNotFoundException).</exception>
    public Task<Snapshot> DeleteAsync(string name, CancellationToken cancellationToken = default) => Send(HttpMethod.Delete, name, "", cancellationToken);

    private Task<Snapshot> Send(HttpMethod method, string name, string action, CancellationToken cancellationToken) =>
        _api.Send<Snapshot>(method, $"{Path}/{EmulatorApi.Segment(name)}{action}", cancellationToken: cancellationToken);

    private sealed record SnapshotList(IReadOnlyList<Snapshot> Snapshots);
}

/// <summary>A snapshot.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Now">The emulator's time in it, in UTC.</param>
/// <param name="Frozen">Whether the clock stands still in it.</param>
/// <param name="Rows">How many rows it has: things, groups and memberships, jobs, executions and what belongs to them.</param>
public sealed record Snapshot(string Name, DateTimeOffset Now, bool Frozen, int Rows);
