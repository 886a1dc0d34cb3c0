using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>One message that went over MQTT, or several that were published together.</summary>
internal abstract class PublishedItem : NumberedItem
{
    /// <summary>The messages, in the order of their numbers.</summary>
    public abstract IEnumerable<PublishedEntry> Entries();

    /// <summary>What a message counts for. It grows when its payload is first read.</summary>
    protected static long BytesOf(MqttMessage message) => message.SizeWithoutPayload + (message.Content.IsValueCreated ? message.Payload.Length : 0);
}

/// <summary>A message with its number.</summary>
/// <param name="Number">Counts all messages.</param>
/// <param name="Message">The message.</param>
/// <param name="From">The client that published it; null for the server.</param>
/// <param name="To">The client it went to alone; null for all subscribers.</param>
/// <param name="Tenant">The tenant whose clients may receive it; null for all tenants.</param>
internal readonly record struct PublishedEntry(long Number, MqttMessage Message, string? From, string? To, string? Tenant);

/// <inheritdoc cref="PublishedEntry"/>
internal sealed class PublishedMessage(MqttMessage message, string? from, string? to, string? tenant) : PublishedItem
{
    public override long Bytes => BytesOf(message);

    public override IEnumerable<PublishedEntry> Entries() => [new(First, message, from, to, tenant)];
}
