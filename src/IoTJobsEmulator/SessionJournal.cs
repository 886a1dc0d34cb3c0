using System.Runtime.CompilerServices;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator;

/// <summary>
/// Keeps the broker's sessions and retained messages in the database file, in the batches of the journal. It is here because Storage and
/// Mqtt do not know each other. Without a database file there is none.
/// </summary>
internal sealed class SessionJournal(TurnGate turns) : ISessionStore
{
    private readonly Journal _journal = turns.Journal;

    /// <summary>The stored form of each message, shared by all sessions that it waits in.</summary>
    private readonly ConditionalWeakTable<MqttMessage, StoredMessage> _stored = [];

    public Task<bool> WhenWritten => _journal.WhenBrokerWritten;

    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<KeptItem> Load() =>
    [
        .. _journal.Read<MqttSession>().Select(row =>
            new KeptSession(ClientOf(row), TimeSpan.FromMilliseconds(row.ExpiryMilliseconds), row.ExpiresAt?.AsDateTimeOffset)),
        .. _journal.Read<MqttSubscription>().Select(row => new KeptSubscription(
            ClientOf(row), new(row.Filter, (Qos)row.Qos, row.NoLocal, row.RetainAsPublished, (RetainHandling)row.RetainHandling))),
        .. _journal.Read<QueuedMessage>().OrderBy(row => row.Number).Select(row =>
            new KeptDelivery(ClientOf(row), row.Number, MessageOf(row.Message), row.Retain, (ushort)(row.PacketId ?? 0))),
        .. _journal.Read<RetainedMessage>().OrderBy(row => row.Tenant, StringComparer.Ordinal).Select(row =>
            new KeptRetained(MessageOf(row.Message, TenantOf(row.Tenant)), TenantOf(row.Tenant))),
    ];

    public void Put(KeptItem item) => _journal.Put(RowOf(item), isNew: item is KeptDelivery { PacketId: 0 });

    public void Remove(KeptItem item) => _journal.Remove(RowOf(item));

    private BrokerRow RowOf(KeptItem item) => item switch
    {
        KeptSession session => new MqttSession
        {
            ClientId = session.Client.ClientId,
            Tenant = session.Client.Tenant ?? "",
            ExpiryMilliseconds = (long)session.Expiry.TotalMilliseconds,
            ExpiresAt = session.ExpiresAt is { } moment ? Moment.Of(moment) : null,
        },
        KeptSubscription(var client, var request) => new MqttSubscription
        {
            ClientId = client.ClientId,
            Tenant = client.Tenant ?? "",
            Filter = request.Filter,
            Qos = (int)request.Qos,
            NoLocal = request.NoLocal,
            RetainAsPublished = request.RetainAsPublished,
            RetainHandling = (int)request.RetainHandling,
        },
        KeptDelivery delivery => new QueuedMessage
        {
            ClientId = delivery.Client.ClientId,
            Tenant = delivery.Client.Tenant ?? "",
            Number = delivery.Number,
            PacketId = delivery.PacketId == 0 ? null : delivery.PacketId,
            Retain = delivery.Retain,
            Message = _stored.GetValue(delivery.Message, Stored),
        },
        KeptRetained(var message, var tenant) => new RetainedMessage { Topic = message.Topic, Tenant = tenant ?? "", Message = Stored(message) },
        _ => throw new NotSupportedException($"{item.GetType()} has no table."),
    };

    private static StoredMessage Stored(MqttMessage message) => new()
    {
        Topic = message.Topic,
        Payload = message.Payload.ToArray(),
        Qos = (int)message.Qos,
        Retain = message.Retain,
        PublishedAt = message.PublishedAt,
        PublisherId = message.Publisher?.ClientId,
        PayloadFormatIndicator = message.Properties.PayloadFormatIndicator,
        MessageExpiryInterval = message.Properties.MessageExpiryInterval,
        ContentType = message.Properties.ContentType,
        ResponseTopic = message.Properties.ResponseTopic,
        CorrelationData = message.Properties.CorrelationData?.ToArray(),
        UserProperties = message.Properties.UserProperties is { Count: > 0 } properties
            ? [.. properties.Select(property => new StoredMessage.UserProperty { Name = property.Key, Value = property.Value })]
            : null,
    };

    private static ClientKey ClientOf(ClientRow row) => new(TenantOf(row.Tenant), row.ClientId);

    private static string? TenantOf(string column) => column.Length == 0 ? null : column;

    /// <param name="stored">The stored form.</param>
    /// <param name="tenant">The tenant that the message was published in.</param>
    private static MqttMessage MessageOf(StoredMessage stored, string? tenant = null) => new(
        stored.Topic, new MqttPayload(stored.Payload), (Qos)stored.Qos, stored.Retain,
        new()
        {
            PayloadFormatIndicator = stored.PayloadFormatIndicator,
            MessageExpiryInterval = stored.MessageExpiryInterval,
            ContentType = stored.ContentType,
            ResponseTopic = stored.ResponseTopic,
            CorrelationData = stored.CorrelationData is { } data ? (ReadOnlyMemory<byte>?)data : null,
            UserProperties = [.. (stored.UserProperties ?? []).Select(property => KeyValuePair.Create(property.Name, property.Value))],
        },
        stored.PublishedAt)
    {
        Publisher = stored.PublisherId is { } publisher ? new ClientKey(tenant, publisher) : null,
    };
}
