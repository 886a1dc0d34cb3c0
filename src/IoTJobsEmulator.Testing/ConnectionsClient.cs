namespace IoTJobsEmulator.Testing;

/// <summary>The clients that are connected over MQTT.</summary>
public sealed class ConnectionsClient
{
    private const string Path = "clients";

    private readonly EmulatorApi _api;

    internal ConnectionsClient(EmulatorApi api) => _api = api;

    /// <summary>Lists the clients that are connected.</summary>
    /// <param name="account">Only those of this account and region, and those that state none; all when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<MqttConnection>> ListAsync(EmulatorAccount? account = null, CancellationToken cancellationToken = default) =>
        (await _api.Send<ClientList>(HttpMethod.Get, Path, account: account, cancellationToken: cancellationToken).ConfigureAwait(false)).Clients;

    /// <summary>Ends a client's connection. Its will is published, a session that is to last stays.</summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="account">That of this account and region, or else the one that states none; all of this id when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whose connection it was.</returns>
    /// <exception cref="EmulatorException">No such client is connected (ResourceNotFoundException).</exception>
    public Task<MqttConnection> EndAsync(string clientId, EmulatorAccount? account = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        return _api.Send<MqttConnection>(HttpMethod.Delete, $"{Path}/{string.Join('/', clientId.Split('/').Select(Uri.EscapeDataString))}", account: account, cancellationToken: cancellationToken);
    }

    private sealed record ClientList(IReadOnlyList<MqttConnection> Clients);
}

/// <summary>A client that is connected over MQTT.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Version">The version of MQTT that it speaks, as the emulator names it.</param>
/// <param name="ConnectedAt">Since when, on the machine's clock, in UTC.</param>
public sealed record MqttConnection(string ClientId, string Version, DateTimeOffset ConnectedAt);
