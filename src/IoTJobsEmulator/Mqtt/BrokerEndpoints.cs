using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Mqtt.IotData;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>The emulator's own endpoints for MQTT: published messages, connected clients, and faults of notifications. They serve tests that have no MQTT client.</summary>
internal sealed class BrokerEndpoints(DeviceGateway gateway)
{
    public sealed record MessagesView(IReadOnlyList<MessageView> Messages);

    public sealed record ClientsView(IReadOnlyList<ClientView> Clients);

    /// <param name="ClientId">The client's id.</param>
    /// <param name="Version">The version of MQTT it speaks.</param>
    /// <param name="ConnectedAt">Since when, on the machine's clock.</param>
    public sealed record ClientView(string ClientId, string Version, string ConnectedAt);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record UnkindnessRequest : IStructure
    {
        /// <summary>How many of the thing's next notifications this happens to; 0 makes it kind again.</summary>
        [Required, NextNotifications] public int? Next { get; init; }

        /// <summary>They are lost.</summary>
        public bool? Drop { get; init; }

        /// <summary>They come twice.</summary>
        public bool? Duplicate { get; init; }

        /// <summary>They come later, on the machine's clock.</summary>
        [DelaySeconds] public double? DelaySeconds { get; init; }
    }

    public sealed record UnkindnessView(string ThingName, int Next, bool Drop, bool Duplicate, double DelaySeconds);

    private sealed class NextNotificationsAttribute() : NumberShapeAttribute(min: 0);

    private sealed class DelaySecondsAttribute() : NumberShapeAttribute(0, 3600);

    private sealed class WaitSecondsAttribute() : NumberShapeAttribute(0, 300);

    /// <summary>Shows what went over MQTT lately, answers to devices included, oldest first: the last 10 000 messages, of 32 MB at most.</summary>
    /// <param name="topic">Only topics that this MQTT filter matches.</param>
    /// <param name="thing">Only topics of this thing.</param>
    /// <param name="since">Only messages of this time or later, on the machine's clock.</param>
    /// <param name="after">Only messages with a higher number: the last one that was seen.</param>
    /// <param name="wait">Seconds to wait for the first message if there is none yet.</param>
    /// <param name="caller">The account and region of a signed request: only their messages are shown, and those of clients that state none.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<MessagesView> GetMessages(
        [Topic] string? topic, [ThingName] string? thing, DateTimeOffset? since, long? after, [WaitSeconds] int? wait, Tenant? caller, CancellationToken aborted)
    {
        if (topic is not null && !Topics.IsFilter(topic))
            throw SerializationErrors.ForValue(topic, nameof(topic), typeof(string), "an MQTT filter such as $aws/things/+/jobs/#");
        var wanted = new PublishedMessages.Query(topic, thing, since is { } time ? Moment.Of(time) : null, after, TenantOf(caller));
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

    /// <summary>Sets what happens to the next notifications of a thing: they are lost, come twice or come late.</summary>
    /// <param name="thingName">The thing, which need not be there.</param>
    /// <param name="request">What happens.</param>
    /// <exception cref="ServiceException">LimitExceeded: it is set for too many things.</exception>
    public ValueTask<UnkindnessView> SetUnkindness([Required, ThingName] string thingName, UnkindnessRequest request)
    {
        var asked = new UnkindnessView(thingName, request.Next!.Value, request.Drop == true, request.Duplicate == true, request.DelaySeconds ?? 0);
        if (!gateway.NotificationFaults.TrySet(thingName, asked.Next, asked.Drop, asked.Duplicate, TimeSpan.FromSeconds(asked.DelaySeconds)))
            throw ServiceError.LimitExceeded.Because($"Faults are set for {NotificationFaults.MaxThings} things already.");
        return new(asked);
    }

    private static string? TenantOf(Tenant? caller) => caller is { } tenant ? ClientTenant.TenantOf(tenant) : null;

    private static bool IsVisible(MqttConnection connection, Tenant? caller) =>
        caller is null || connection.Tenant is null || connection.Tenant == TenantOf(caller);

    private static ClientView View(MqttConnection connection) =>
        new(connection.ClientId, connection.Version.ToString(), Moment.Of(connection.ConnectedAt).ToString());
}

/// <param name="Number">Counts all messages.</param>
/// <param name="At">When it was published, on the machine's clock.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">The quality of service it was published with.</param>
/// <param name="Retain">Whether it was to be retained; absent if not.</param>
/// <param name="From">The client that published it; absent if the service did, or HTTP.</param>
/// <param name="To">The client it went to alone, as an answer; absent if it went to all who subscribe.</param>
/// <param name="Payload">JSON as it is, any other text as text, bytes in base64.</param>
internal sealed record MessageView(
    long Number, string At, string Topic, int Qos, bool? Retain, string? From, string? To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonNode? Payload);
