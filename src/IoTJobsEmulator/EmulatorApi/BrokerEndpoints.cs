using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.IotData;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The emulator's own endpoints for MQTT: published messages and connected clients. They serve tests that have no MQTT client.</summary>
internal sealed class BrokerEndpoints(DeviceGateway gateway, TurnGate turns)
{
    public sealed record MessagesView(IReadOnlyList<MessageView> Messages);

    public sealed record ClientsView(IReadOnlyList<ClientView> Clients);

    /// <param name="ClientId">The client's id.</param>
    /// <param name="Version">The version of MQTT it speaks.</param>
    /// <param name="ConnectedAt">Since when, on the machine's clock.</param>
    public sealed record ClientView(string ClientId, string Version, string ConnectedAt);

    private sealed class WaitSecondsAttribute() : NumberShapeAttribute(0, 300);

    private sealed class LimitAttribute() : NumberShapeAttribute(1, 10_000);

    private sealed class IncludeAttribute() : StringShapeAttribute(pattern: "bytes");

    /// <summary>Shows what went over MQTT lately, answers to devices included, oldest first: the last messages, 10 000 and 32 MB at most.</summary>
    /// <param name="topic">Only topics that this MQTT filter matches.</param>
    /// <param name="thing">Only topics of this thing.</param>
    /// <param name="since">Only messages of this time or later, on the machine's clock.</param>
    /// <param name="after">Only messages with a higher number: the last one that was seen.</param>
    /// <param name="limit">How many at most, the oldest of those that match; all when not given.</param>
    /// <param name="include">bytes: shows payloads byte for byte, too, in base64.</param>
    /// <param name="wait">Seconds to wait for the first message if there is none yet.</param>
    /// <param name="caller">The account and region of a signed request: only their messages are shown, and those of clients that state none.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<MessagesView> GetMessages(
        [Topic] string? topic,
        [ThingName] string? thing,
        DateTimeOffset? since,
        long? after,
        [Limit] int? limit,
        [Include] string? include,
        [WaitSeconds] int? wait,
        Tenant? caller,
        CancellationToken aborted)
    {
        if (topic is not null && !Topics.IsFilter(topic))
            throw SerializationErrors.ForValue(topic, nameof(topic), typeof(string), "an MQTT filter such as $aws/things/+/jobs/#");
        var wanted = new PublishedMessages.Query(topic, thing, since is { } time ? Moment.Of(time) : null, after, TenantOf(caller))
        {
            Limit = limit,
            HasBytes = include is not null,
        };
        // What was answered to the caller before may be announced only now.
        await turns.WhenIdle().AsTask().WaitAsync(aborted);
        return new(await gateway.Messages.Find(wanted, TimeSpan.FromSeconds(wait ?? 0), aborted));
    }

    /// <summary>Lists the clients that are connected.</summary>
    /// <param name="caller">The account and region of a signed request: only their clients are shown, and those that state none.</param>
    public ValueTask<ClientsView> ListClients(Tenant? caller) =>
        new(new ClientsView([.. gateway.Broker.Connections.Where(connection => IsVisible(connection, caller)).Select(View)]));

    /// <summary>
    /// Ends a client's connection, and tells whose it was. Its will is published, a session that is to last stays. Clients of several accounts and
    /// regions may have the id: a signed request ends that of its own, or else the one that states none; one that is not signed ends all.
    /// </summary>
    /// <param name="clientId">The client's id.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    public ValueTask<ClientView> DisconnectClient([Required] string clientId, Tenant? caller)
    {
        MqttConnection[] found = [.. gateway.Broker.FindAll(clientId).Where(connection => IsVisible(connection, caller))];
        if (caller is not null && Array.Find(found, connection => connection.Tenant is not null) is { } own)
            found = [own];
        if (found.Length == 0)
            throw ServiceError.ResourceNotFound.Because($"No client {clientId} is connected.");
        foreach (var connection in found)
            connection.Disconnect();
        return new(View(found[0]));
    }

    private static string? TenantOf(Tenant? caller) => caller is { } tenant ? ClientTenant.TenantOf(tenant) : null;

    private static bool IsVisible(MqttConnection connection, Tenant? caller) =>
        caller is null || connection.Tenant is null || connection.Tenant == TenantOf(caller);

    private static ClientView View(MqttConnection connection) =>
        new(connection.ClientId, connection.Version.ToString(), Moment.Of(connection.ConnectedAt).ToString());
}
