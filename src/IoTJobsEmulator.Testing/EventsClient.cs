using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// What changes in the emulator, in all accounts and regions. It remembers the last 10 000 changes, of about 32 MB at most; a reset or a restore
/// forgets those before it. 100 callers may follow or wait at once.
/// </summary>
public sealed class EventsClient
{
    private const string Path = "events";

    /// <summary>The most that one call lists.</summary>
    private const int MaxCount = 1000;

    /// <summary>How long a call waits at most. The emulator would wait for five minutes.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly EmulatorApi _api;

    internal EventsClient(EmulatorApi api) => _api = api;

    /// <summary>Lists the events that match and are remembered, oldest first. What was answered to a request before is in the list.</summary>
    /// <param name="filter">Which; all when null.</param>
    /// <param name="limit">How many at most, from 1 to 1000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EventList> ListAsync(EventFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        List(filter ?? new(), limit, TimeSpan.Zero, cancellationToken);

    /// <summary>Waits until there are as many events that match. Those that are remembered from before count.</summary>
    /// <param name="filter">Which. With <see cref="EventFilter.After"/> those before do not count.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="timeout">How long at most, on the machine's clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The first so many.</returns>
    /// <exception cref="TimeoutException">There are fewer after that time.</exception>
    /// <exception cref="EmulatorException">Events after <see cref="EventFilter.After"/>, or of this wait, are not remembered any more.</exception>
    public async Task<IReadOnlyList<EmulatorEvent>> WaitForAsync(EventFilter filter, int count, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var began = Stopwatch.GetTimestamp();
        List<EmulatorEvent> found = [];
        var after = filter.After;
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(began);
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestWait ? LongestWait : left;
            var more = await List(filter with { After = after }, Math.Min(count - found.Count, MaxCount), wait, cancellationToken).ConfigureAwait(false);
            if (more.Missed)
                throw Missed(after);
            found.AddRange(more.Events);
            if (found.Count >= count)
                return found;
            if (more.Events.Count == 0 && left <= LongestWait)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"After {timeout} there are {found.Count} events and not {count} for {filter}."));
            after = more.Last;
        }
    }

    /// <summary>
    /// Follows the events that match, from what happens next on, or after <see cref="EventFilter.After"/>. The sequence begins when it is first asked
    /// for an event. It ends when the emulator does.
    /// </summary>
    /// <param name="filter">Which; all when null.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>. Leaving the loop ends it, too.</param>
    /// <exception cref="EmulatorException">
    /// Too many follow the events (ThrottlingException); or events are missing: those after <see cref="EventFilter.After"/> are not remembered any more, or
    /// the reader has fallen behind by more than is remembered. <see cref="ListAsync"/> has what is remembered.
    /// </exception>
    /// <exception cref="IOException">The connection has broken.</exception>
    public async IAsyncEnumerable<EmulatorEvent> FollowAsync(EventFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var wanted = filter ?? new();
        await foreach (var next in _api.Follow<EmulatorEvent>(EmulatorApi.Query(Path, Parameters(wanted)), () => Missed(wanted.After), cancellationToken).ConfigureAwait(false))
        {
            yield return next;
            wanted = wanted with { After = next.Number };
        }
        // The stream ends when the emulator does, which then answers no more, and for a reader that has fallen behind.
        if (await HasMissed(wanted, cancellationToken).ConfigureAwait(false))
            throw Missed(wanted.After);
    }

    private async Task<bool> HasMissed(EventFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            return (await List(filter, 1, TimeSpan.Zero, cancellationToken).ConfigureAwait(false)).Missed;
        }
        catch (EmulatorException)
        {
            return false;
        }
    }

    private static EmulatorException Missed(long? after) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Events are missing: the emulator does not remember all that came after number {after ?? 0} any more."));

    private Task<EventList> List(EventFilter filter, int limit, TimeSpan wait, CancellationToken cancellationToken) => _api.Send<EventList>(
        HttpMethod.Get, EmulatorApi.Query(Path, [.. Parameters(filter), ("limit", limit), ("wait", wait)]), waits: wait, cancellationToken: cancellationToken);

    private static (string, object?)[] Parameters(EventFilter filter) =>
    [
        ("type", filter.TypeNames), ("thing", filter.Thing), ("jobId", filter.JobId),
        ("account", filter.Account?.AccountId), ("region", filter.Account?.Region), ("after", filter.After),
    ];
}

/// <summary>Events.</summary>
/// <param name="Events">The events, oldest first.</param>
/// <param name="Last">How far was read: the next call has it as <see cref="EventFilter.After"/>.</param>
/// <param name="Missed">Whether events after the given number are not remembered any more.</param>
public sealed record EventList(IReadOnlyList<EmulatorEvent> Events, long Last, bool Missed);
