using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace IoTJobsEmulator.Testing;

/// <summary>What went over MQTT lately, notifications and answers to devices included: the last 10 000 messages, of 32 MB at most.</summary>
public sealed class MessagesClient
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly EmulatorApi _api;

    internal MessagesClient(EmulatorApi api) => _api = api;

    /// <summary>Lists the messages that match, oldest first.</summary>
    /// <param name="filter">Which; all when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IReadOnlyList<MqttMessage>> ListAsync(MessageFilter? filter = null, CancellationToken cancellationToken = default) =>
        List(filter ?? new(), wait: null, cancellationToken);

    /// <summary>Waits until there are as many messages that match.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="timeout">How long at most, on the machine's clock. It is rounded up to a second.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The first so many.</returns>
    /// <exception cref="TimeoutException">There are fewer after that time.</exception>
    public async Task<IReadOnlyList<MqttMessage>> WaitForAsync(MessageFilter filter, int count, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var began = Stopwatch.GetTimestamp();
        List<MqttMessage> found = [];
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(began);
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestWait ? LongestWait : left;
            var more = await List(filter with { After = found.Count > 0 ? found[^1].Number : filter.After }, wait, cancellationToken).ConfigureAwait(false);
            found.AddRange(more);
            if (found.Count >= count)
                return found[..count];
            if (more.Count == 0 && left <= LongestWait)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"After {timeout} there are {found.Count} messages and not {count} for {filter}."));
        }
    }

    private async Task<IReadOnlyList<MqttMessage>> List(MessageFilter filter, TimeSpan? wait, CancellationToken cancellationToken) =>
        (await _api.Send<MessageList>(
            HttpMethod.Get,
            EmulatorApi.Query("messages", ("topic", filter.Topic), ("thing", filter.Thing), ("since", filter.Since), ("after", filter.After), ("wait", wait is { } given ? (int)Math.Ceiling(given.TotalSeconds) : null)),
            account: filter.Account,
            waits: wait ?? default,
            cancellationToken: cancellationToken).ConfigureAwait(false)).Messages;

    private sealed record MessageList(IReadOnlyList<MqttMessage> Messages);
}

/// <summary>Which messages; what is null does not matter.</summary>
public sealed record MessageFilter
{
    /// <summary>Only topics that this MQTT filter matches, such as <c>$aws/things/+/jobs/notify-next</c>.</summary>
    public string? Topic { get; init; }

    /// <summary>Only topics of this thing.</summary>
    public string? Thing { get; init; }

    /// <summary>Only messages of this time or later, on the machine's clock.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only with a higher number than this: that of the last one that was seen.</summary>
    public long? After { get; init; }

    /// <summary>Only messages of this account and region, and those of clients that state none.</summary>
    public EmulatorAccount? Account { get; init; }
}

/// <summary>A message that was published.</summary>
/// <param name="Number">Counts all messages.</param>
/// <param name="At">When it was published, on the machine's clock.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">The quality of service it was published with: 0 or 1.</param>
/// <param name="Retain">Whether it was to be retained.</param>
/// <param name="From">The client that published it; null if the service did, or HTTP.</param>
/// <param name="To">The client it went to alone, as an answer; null if it went to all who subscribe.</param>
/// <param name="Payload">JSON as it is, any other text as a string, bytes as a string in base64.</param>
public sealed record MqttMessage(long Number, DateTimeOffset At, string Topic, int Qos, bool Retain, string? From, string? To, JsonElement Payload);
