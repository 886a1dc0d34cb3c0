using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>The last messages that went through the broker, answers to devices included, for tests that have no MQTT client.</summary>
internal sealed class PublishedMessages(TimeProvider machine)
{
    private const int Kept = 10_000;

    /// <summary>Bytes of all payloads together, as far as anybody has looked at them.</summary>
    private const long KeptBytes = 32 << 20;

    private readonly Queue<Entry> _entries = [];
    private readonly Lock _sync = new();
    private TaskCompletionSource? _next;
    private long _number, _bytes;

    /// <summary>One message; who hears it is null when all who subscribe do.</summary>
    private sealed record Entry(long Number, MqttMessage Message, string? From, string? To, int Bytes);

    /// <summary>What to look for; everything that is null matches.</summary>
    /// <param name="Filter">An MQTT filter.</param>
    /// <param name="ThingName">Messages under <c>$aws/things/THING/</c>.</param>
    /// <param name="Since">At this moment of the machine's clock or later.</param>
    /// <param name="After">With a higher number than this: the last one that was seen.</param>
    public sealed record Wanted(string? Filter, string? ThingName, Moment? Since, long? After);

    /// <summary>Called by the broker, under its lock.</summary>
    public void Add(Publication publication)
    {
        var message = publication.Message;
        var bytes = message.Content.IsMade ? message.Payload.Length : 0;
        lock (_sync)
        {
            _entries.Enqueue(new(++_number, message, publication.From?.ClientId, publication.OnlyTo?.ClientId, bytes));
            _bytes += bytes;
            while (_entries.Count > Kept || _bytes > KeptBytes)
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

    /// <summary>The messages that are there, oldest first; without any it waits for the first one, at most so long.</summary>
    public async Task<IReadOnlyList<MessageView>> Find(Wanted wanted, TimeSpan patience, CancellationToken aborted)
    {
        var end = machine.GetUtcNow() + patience;
        while (true)
        {
            Entry[] found;
            Task next;
            lock (_sync)
            {
                found = [.. _entries.Where(entry => Matches(entry, wanted))];
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

    private static bool Matches(Entry entry, Wanted wanted) =>
        (wanted.Filter is not { } filter || Topics.Matches(filter, entry.Message.Topic))
        && (wanted.ThingName is not { } thing || entry.Message.Topic.StartsWith($"$aws/things/{thing}/", StringComparison.Ordinal))
        && !(Moment.Of(entry.Message.PublishedAt) < wanted.Since) && !(entry.Number <= wanted.After);

    private static MessageView View(Entry entry)
    {
        var message = entry.Message;
        return new(
            entry.Number, Moment.Of(message.PublishedAt).ToString(), message.Topic, (int)message.Qos, message.Retain ? true : null, entry.From, entry.To,
            Payload(message.Payload.Span));
    }

    /// <summary>JSON as it is, any other text as text, bytes in base64.</summary>
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
