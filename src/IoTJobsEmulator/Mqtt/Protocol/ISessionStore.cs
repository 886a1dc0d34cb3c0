using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>
/// Keeps what outlives the process: persistent sessions with their subscriptions and queued messages, and retained messages. The broker
/// calls it under its locks, so it must only enqueue, and must not block or call the broker.
/// </summary>
public interface ISessionStore
{
    /// <summary>Completes when everything put and removed so far is written, and says whether it is.</summary>
    Task<bool> WhenWritten { get; }

    /// <summary>
    /// Everything that is kept: sessions before what belongs to them, the messages of a session in the order of their numbers, of the
    /// retained messages of a topic that of no tenant first. Called once, before anything is put or removed.
    /// </summary>
    IReadOnlyList<KeptItem> Load();

    /// <summary>Adds an item, or replaces the one with the same key.</summary>
    void Put(KeptItem item);

    /// <summary>Removes the item with the same key, if there is one.</summary>
    void Remove(KeptItem item);
}

/// <summary>Something that the broker needs to go on after a restart.</summary>
public abstract record KeptItem;

/// <summary>A session that outlives its connection. Its key is the client.</summary>
/// <param name="Client">The client.</param>
/// <param name="Expiry">How long the session outlives a connection.</param>
/// <param name="ExpiresAt">When the session ends; null while the client is connected.</param>
public sealed record KeptSession(ClientKey Client, TimeSpan Expiry, DateTimeOffset? ExpiresAt) : KeptItem;

/// <summary>A subscription of such a session. Its key is the client with the filter.</summary>
public sealed record KeptSubscription(ClientKey Client, SubscriptionRequest Request) : KeptItem;

/// <summary>A message with QoS 1 that waits in such a session or is not acknowledged. Its key is the client with the number.</summary>
/// <param name="Client">The client.</param>
/// <param name="Number">The place in the order of the session's messages.</param>
/// <param name="Message">The message.</param>
/// <param name="Retain">The RETAIN flag that the client receives.</param>
/// <param name="PacketId">The identifier that it was sent with; zero while it waits.</param>
public sealed record KeptDelivery(ClientKey Client, long Number, MqttMessage Message, bool Retain, ushort PacketId) : KeptItem;

/// <summary>A retained message. Its key is the topic with the tenant.</summary>
/// <param name="Message">The message. Without payload, it hides the one of no tenant from its tenant.</param>
/// <param name="Tenant">The tenant it was published in; null for none.</param>
public sealed record KeptRetained(MqttMessage Message, string? Tenant) : KeptItem;
