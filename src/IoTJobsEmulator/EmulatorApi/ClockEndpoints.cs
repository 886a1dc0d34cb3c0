using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The emulator's clock, which is one for all accounts and regions.</summary>
internal sealed class ClockEndpoints(EmulatorClock clock, ClockControl clockControl)
{
    /// <param name="Now">The emulator's time, in UTC.</param>
    /// <param name="Frozen">Whether it stands still.</param>
    public sealed record ClockView(string Now, bool Frozen);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record SetClockRequest : IStructure
    {
        /// <summary>Where to set the clock. Setting it ahead runs everything that falls due on the way; setting it back runs nothing.</summary>
        public DateTimeOffset? Now { get; init; }

        /// <summary>Whether it stands still.</summary>
        public bool? Frozen { get; init; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record AdvanceClockRequest : IStructure
    {
        /// <summary>How far: a number of seconds, or 500ms, 90s, 15m, 24h, 7d.</summary>
        [Required] public Duration? By { get; init; }
    }

    /// <summary>Shows the emulator's clock.</summary>
    public ValueTask<ClockView> GetClock() => new(new ClockView(clock.Now.ToString(), clock.IsFrozen));

    /// <summary>Sets the clock, freezes it or lets it run; answers when all that fell due is done. It stops when the caller goes.</summary>
    public async ValueTask<ClockView> SetClock(SetClockRequest request, CancellationToken aborted)
    {
        await clockControl.Set(request.Now is { } now ? Moment.Of(now) : null, request.Frozen, aborted);
        return await GetClock();
    }

    /// <summary>Advances the clock, frozen or not; answers when all that fell due is done, each at its own moment. It stops when the caller goes.</summary>
    public async ValueTask<ClockView> AdvanceClock(AdvanceClockRequest request, CancellationToken aborted)
    {
        await clockControl.Advance(request.By!.Value.Span, aborted);
        return await GetClock();
    }
}
