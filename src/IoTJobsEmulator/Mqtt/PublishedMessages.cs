using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>The last messages of the broker, responses to devices included, for tests without an MQTT client. A publication listener.</summary>
internal sealed class PublishedMessages(TimeProvider machine)
{
    private const int MaxMessages = 10_000;

    /// <summary>Callers that may wait for a message at once.</summary>
    public const int MaxWaiting = 1000;

    /// <summary>Bytes of all payloads together. Payloads that nobody has read yet are not counted: they do not exist.</summary>
    private const long MaxBytes = 32 << 20;

    private readonly Queue<Entry> _entries = [];
    private readonly Lock _sync = new();
    private TaskCompletionSource? _next;
    private long _number, _bytes;
    private int _waiting;

    /// <summary>One message. The client ids are null for the server, and for all subscribers.</summary>
    private sealed record Entry(long Number, MqttMessage Message, string? From, string? To, int Bytes);

    /// <summary>What to search for. A member that is null matches all messages.</summary>
    /// <param name="Filter">An MQTT topic filter.</param>
    /// <param name="ThingName">Messages under <c>$aws/things/THING/</c>.</param>
    /// <param name="Since">At this moment of the machine's clock or later.</param>
    /// <param name="After">With a higher number than this one.</param>
    public sealed record Query(string? Filter, string? ThingName, Moment? Since, long? After);

    /// <summary>Called under the broker's lock.</summary>
    public void Add(Publication publication)
    {
        var message = publication.Message;
        var bytes = message.Content.IsValueCreated ? message.Payload.Length : 0;
        lock (_sync)
        {
            _entries.Enqueue(new(++_number, message, publication.Publisher?.ClientId, publication.Recipient?.ClientId, bytes));
            _bytes += bytes;
            while (_entries.Count > MaxMessages || _bytes > MaxBytes)
                _bytes -= _entries.Dequeue().Bytes;
            _next?.SetResult();
            _next = null;
        }
    }

    public void Clear()
    {
        lock (_sync)
        {
            _entries.Clear();
            _bytes = 0;
        }
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
        while (true)
        {
            Entry[] found;
            Task next;
            lock (_sync)
            {
                found = [.. _entries.Where(entry => Matches(entry, query))];
                next = (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            var left = end - machine.GetUtcNow();
            if (found.Length > 0 || left <= TimeSpan.Zero)
                return [.. found.Select(View)];
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

    private static bool Matches(Entry entry, Query query) =>
        (query.Filter is not { } filter || Topics.Matches(filter, entry.Message.Topic))
        && (query.ThingName is not { } thing || entry.Message.Topic.StartsWith($"$aws/things/{thing}/", StringComparison.Ordinal))
        && !(Moment.Of(entry.Message.PublishedAt) < query.Since) && !(entry.Number <= query.After);

    private static MessageView View(Entry entry)
    {
        var message = entry.Message;
        return new(
            entry.Number, Moment.Of(message.PublishedAt).ToString(), message.Topic, (int)message.Qos, message.Retain ? true : null, entry.From, entry.To,
            Payload(message.Payload.Span));
    }

    /// <summary>JSON as it is, other text as a string, other bytes in base64.</summary>
    private static JsonNode? Payload(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            return System.Text.Unicode.Utf8.IsValid(payload) ? Encoding.UTF8.GetString(payload) : Convert.ToBase64String(payload);
        }
    }
}
