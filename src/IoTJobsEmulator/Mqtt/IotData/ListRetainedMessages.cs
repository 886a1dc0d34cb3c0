using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Mqtt.IotData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListRetainedMessages.html"/>
internal static class ListRetainedMessages
{
    private const int DefaultSize = 200;

    public sealed record Response(ValueList<RetainedMessageSummary> RetainedTopics, string? NextToken);

    /// <param name="Topic">The topic.</param>
    /// <param name="PayloadSize">Bytes of the payload.</param>
    /// <param name="Qos">The quality of service it was published with.</param>
    /// <param name="LastModifiedTime">When it was published, in milliseconds since the epoch, on the machine's clock.</param>
    public sealed record RetainedMessageSummary(string Topic, long PayloadSize, int Qos, long LastModifiedTime);

    /// <summary>Lists the retained messages of the caller's account and region and those of clients that state none, by topic.</summary>
    /// <param name="gateway">The broker.</param>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the previous page; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 200.</param>
    public static Response Handle(DeviceGateway gateway, Realm realm, [NextToken] string? nextToken, [MaxResults] int? maxResults)
    {
        var after = Page.ReadToken(nameof(ListRetainedMessages), nextToken, 1)?[0] ?? "";
        var (topics, next) = Page.Take(
            nameof(ListRetainedMessages),
            gateway.Broker.ListRetained(ClientTenant.TenantOf(realm)).Where(message => string.CompareOrdinal(message.Topic, after) > 0),
            maxResults ?? DefaultSize,
            message => new RetainedMessageSummary(message.Topic, message.Payload.Length, (int)message.Qos, message.PublishedAt.ToUnixTimeMilliseconds()),
            message => [message.Topic]);
        return new(topics, next);
    }
}
