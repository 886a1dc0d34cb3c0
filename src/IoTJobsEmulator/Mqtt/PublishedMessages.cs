using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>The last messages of the broker, responses to devices included, for tests without an MQTT client. A publication listener.</summary>
internal sealed class PublishedMessages(TimeProvider machine)
{
    private const int MaxMessages = 10_000;

    /// <summary>Callers that may wait for a message at once.</summary>
    public const int MaxWaiting = 1000;

    /// <summary>Bytes of all messages together. Payloads that nobody has read yet are not counted: they do not exist.</summary>
    private const long MaxBytes = 32 << 20;

    /// <summary>Levels of the deepest JSON that is shown as JSON: those of the answer around it are counted, too.</summary>
    private const int MaxDepth = 56;

    private readonly NumberedLog<PublishedItem> _log = new(MaxMessages, MaxBytes);
    private readonly Lock _sync = new();
    private int _waiting;

    /// <summary>What to search for. A member that is null matches all messages.</summary>
    /// <param name="Filter">An MQTT topic filter.</param>
    /// <param name="ThingName">Messages under <c>$aws/things/THING/</c>.</param>
    /// <param name="Since">At this moment of the machine's clock or later.</param>
    /// <param name="After">With a higher number than this one.</param>
    /// <param name="Tenant">Of this tenant of the broker, and of none.</param>
    public sealed record Query(string? Filter, string? ThingName, Moment? Since, long? After, string? Tenant)
    {
        /// <summary>How many are shown at most, the oldest of those that match.</summary>
        public int? Limit { get; init; }

        /// <summary>Whether payloads are shown byte for byte, too.</summary>
        public bool HasBytes { get; init; }
    }

    /// <summary>Called with the client that has published messages, or null for the service, and how many. It must only count.</summary>
    public Action<MqttConnection?, int> Counted { get; set; } = static (_, _) => { };

    /// <summary>Called under the broker's lock.</summary>
    public void Add(Publication publication) => Add(
        new PublishedMessage(publication.Message, publication.Publisher?.ClientId, publication.Recipient?.ClientId, publication.Tenant), publication.Publisher);

    /// <param name="item">What was published.</param>
    /// <param name="publisher">The client that has published it; null for the service.</param>
    public void Add(PublishedItem item, MqttConnection? publisher = null)
    {
        lock (_sync)
            _log.Add(item);
        Counted(publisher, item.Count);
    }

    public void Clear()
    {
        lock (_sync)
            _log.Clear();
    }

    /// <summary>The messages that match, oldest first. If there are none, waits for the first one, at most for the timeout.</summary>
    /// <exception cref="ServiceException">Too many callers wait already (Throttling).</exception>
    public async Task<IReadOnlyList<MessageView>> Find(Query query, TimeSpan timeout, CancellationToken aborted)
    {
        if (timeout <= TimeSpan.Zero)
            return await FindUntil(query, timeout, aborted);
        try
        {
            return Interlocked.Increment(ref _waiting) <= MaxWaiting
                ? await FindUntil(query, timeout, aborted)
                : throw ServiceError.Throttling.Because(string.Create(CultureInfo.InvariantCulture, $"{MaxWaiting} requests wait for messages already"));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<IReadOnlyList<MessageView>> FindUntil(Query query, TimeSpan timeout, CancellationToken aborted)
    {
        var end = machine.GetUtcNow() + timeout;
        var seen = query.After ?? 0;
        while (true)
        {
            PublishedItem[] added;
            Task next;
            lock (_sync) // the broker waits for it, so only a copy is made
            {
                added = _log.After(seen);
                seen = Math.Max(seen, _log.Last);
                next = _log.WhenAdded(seen);
            }
            var found = added.SelectMany(item => item.Entries()).Where(entry => Matches(entry, query));
            List<MessageView> views = [.. (query.Limit is { } limit ? found.Take(limit) : found).Select(entry => View(entry, query.HasBytes))];
            Recount(added);
            var left = end - machine.GetUtcNow();
            if (views.Count > 0 || left <= TimeSpan.Zero)
                return views;
            try
            {
                await next.WaitAsync(left, machine, aborted);
            }
            catch (TimeoutException)
            {
                return [];
            }
        }
    }

    /// <summary>Counts what was created when it was read.</summary>
    private void Recount(PublishedItem[] read)
    {
        lock (_sync)
        {
            foreach (var item in read)
                _log.Recount(item);
        }
    }

    private static bool Matches(PublishedEntry entry, Query query) =>
        (query.Filter is not { } filter || Topics.Matches(filter, entry.Message.Topic))
        && (query.ThingName is not { } thing || entry.Message.Topic.StartsWith($"$aws/things/{thing}/", StringComparison.Ordinal))
        && !(Moment.Of(entry.Message.PublishedAt) < query.Since) && !(entry.Number <= query.After)
        && (query.Tenant is null || entry.Tenant is null || entry.Tenant == query.Tenant);

    private static MessageView View(PublishedEntry entry, bool hasBytes)
    {
        var message = entry.Message;
        return new(
            entry.Number, Moment.Of(message.PublishedAt).ToString(), message.Topic, (int)message.Qos, message.Retain ? true : null, entry.From, entry.To,
            Payload(message.Payload.Span), hasBytes ? Convert.ToBase64String(message.Payload.Span) : null);
    }

    /// <summary>JSON as it is, other text as a string, other bytes in base64. JSON that cannot be part of an answer is other text.</summary>
    private static JsonNode? Payload(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload))
            return Convert.ToBase64String(payload);
        try
        {
            if (IsOfUnicode(payload))
                return JsonNode.Parse(payload, documentOptions: new() { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            // other text
        }
        return Encoding.UTF8.GetString(payload);
    }

    /// <summary>Whether no text in the JSON has half of a surrogate pair, which only an escape sequence can have.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    private static bool IsOfUnicode(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
            return true;
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    _ = reader.GetString();
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
