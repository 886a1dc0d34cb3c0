using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// What changes, as a stream of server-sent events, or as a list for which a caller may wait. A signed caller sees what concerns its account and
/// region, unless it names others, and what concerns all; one that is not signed sees everything.
/// </summary>
internal sealed class EventEndpoints(EventLog log, EventStream stream, TurnGate turns, TimeProvider machine)
{
    private const int DefaultLimit = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private static readonly string AnyType = $"({string.Join('|', Enum.GetNames<EmulatorEventType>())})";

    /// <param name="Events">The events, oldest first.</param>
    /// <param name="Last">How far was read, for the next <c>after</c>.</param>
    /// <param name="Missed">Whether events after the given number are not remembered any more.</param>
    public sealed record EventsView(IReadOnlyList<EmulatorEvent> Events, long Last, bool Missed);

    private sealed class EventTypesAttribute() : StringShapeAttribute(pattern: $"{AnyType}(,{AnyType})*");

    private sealed class LimitAttribute() : NumberShapeAttribute(1, 1000);

    /// <summary>
    /// Tells what changes. Without Accept, or with text/event-stream: a stream that goes on until the caller leaves, beginning with what happens next,
    /// or after a number. With application/json, or when wait or limit are given: a list of what is remembered, the last 10 000 changes, of 32 MB at most.
    /// </summary>
    /// <param name="type">Only events of this type; several with commas: job,execution.</param>
    /// <param name="jobId">Only of jobs of this id; * stands for any characters.</param>
    /// <param name="thing">Only of things of this name; * stands for any characters. The id of an MQTT client is taken for the name of its thing.</param>
    /// <param name="account">Only in this account. A signed caller that gives neither this nor region sees its own.</param>
    /// <param name="region">Only in this region. A signed caller that gives neither this nor account sees its own.</param>
    /// <param name="after">Only with a higher number: the last one that was seen. 0 begins a stream with what is remembered.</param>
    /// <param name="lastEventId">The same, as browsers send it when they connect again. It comes before after.</param>
    /// <param name="limit">How many at most; 100 when not given. For a list.</param>
    /// <param name="wait">Answers once there is an event, at the latest after this: at most 5m. For a list.</param>
    /// <param name="accept">application/json for a list, text/event-stream for a stream.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    /// <param name="aborted">The caller has gone.</param>
    [Streams(EventStream.ContentType, EventStream.Example)]
    public async ValueTask<ListOrStream<EventsView>> ListEvents(
        [EventTypes] string? type,
        [JobPattern] string? jobId,
        [ThingPattern] string? thing,
        [FaultAccount] string? account,
        [FaultRegion] string? region,
        long? after,
        [Header("Last-Event-ID")] long? lastEventId,
        [Limit] int? limit,
        Duration? wait,
        [Header("Accept")] string? accept,
        Tenant? caller,
        CancellationToken aborted)
    {
        var own = account is null && region is null ? caller : null;
        var wanted = new EventFilter
        {
            Types = type?.Split(',').Select(Enum.Parse<EmulatorEventType>).ToHashSet(),
            Account = account ?? own?.Account,
            Region = region ?? own?.Region,
            Thing = thing,
            JobId = jobId,
        };
        if (wait is { } given && given.Span > LongestWait)
            throw SerializationErrors.ForValue(given.ToString(), nameof(wait), typeof(string), "at most 5m");
        var isStream = WantsStream(accept, isListAskedFor: wait is not null || limit is not null);
        // What was answered to the caller before may be on its way to the log.
        await turns.WhenIdle().AsTask().WaitAsync(aborted);
        if (isStream)
        {
            var begin = lastEventId ?? after ?? log.Last;
            return new(null, response => stream.Write(response, wanted, begin));
        }
        var page = log.Read(wanted, lastEventId ?? after ?? log.Oldest, limit ?? DefaultLimit);
        if (page.Events.Count == 0 && wait is { } longest)
            page = await Wait(wanted, page, limit ?? DefaultLimit, longest.Span, aborted);
        return new(new(page.Events, page.Last, page.IsMissing));
    }

    private static bool WantsStream(string? accept, bool isListAskedFor)
    {
        if (accept?.Contains(EventStream.ContentType, StringComparison.OrdinalIgnoreCase) is true)
        {
            return !isListAskedFor ? true
                : throw ServiceError.InvalidRequest.Because($"1 validation error detected: 'wait' and 'limit' are for {WireJson.ContentType}, not for {EventStream.ContentType}");
        }
        return !isListAskedFor && accept?.Contains(WireJson.ContentType, StringComparison.OrdinalIgnoreCase) is not true;
    }

    private async Task<EventPage> Wait(EventFilter wanted, EventPage page, int limit, TimeSpan longest, CancellationToken aborted)
    {
        using var reader = log.Enter();
        var end = machine.GetUtcNow() + longest;
        while (page.Events.Count == 0 && end - machine.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            try
            {
                await log.WhenAdded(page.Last).WaitAsync(left, machine, aborted);
            }
            catch (TimeoutException)
            {
                break;
            }
            var next = log.Read(wanted, page.Last, limit);
            page = next with { IsMissing = next.IsMissing || page.IsMissing };
        }
        return page;
    }
}
