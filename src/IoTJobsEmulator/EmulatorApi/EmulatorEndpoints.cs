using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Tls;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The emulator's own endpoints, which AWS does not have: health, settings, clock, CA certificate, reset.</summary>
internal sealed class EmulatorEndpoints(
    TurnGate turns, EmulatorClock clock, ClockControl clockControl, Certificates certificates, OperationRequests requests, StartingSeed startingSeed, TimeProvider machine)
{
    /// <summary>How long a turn may take to come before the emulator is not ready.</summary>
    public static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(5);

    private Task _turn = Task.CompletedTask;

    public sealed record HealthView(string Status, string Version, IReadOnlyDictionary<string, string> Services);

    public sealed record StatusView(string Status);

    public sealed record SettingsView(Duration DeletionDuration, EnumText<RolloutMode> Rollout, int ActiveJobs, int ConcurrentJobs, int TargetsPerJob);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record ChangeSettingsRequest : IStructure
    {
        /// <summary>How long a job is in DELETION_IN_PROGRESS at the least: a number of seconds, or 500ms, 90s, 15m, 24h, 7d.</summary>
        public Duration? DeletionDuration { get; init; }

        /// <summary>Whether rollouts keep to their rate, or queue everything at once. A rollout that goes on follows from its next minute on.</summary>
        public EnumText<RolloutMode>? Rollout { get; init; }

        /// <summary>Jobs of an account and region that may be unfinished.</summary>
        [Quota] public int? ActiveJobs { get; init; }

        /// <summary>Jobs of an account and region that may roll out or cancel at once.</summary>
        [Quota] public int? ConcurrentJobs { get; init; }

        /// <summary>Targets that a job may have.</summary>
        [Quota] public int? TargetsPerJob { get; init; }
    }

    private sealed class QuotaAttribute() : NumberShapeAttribute(min: 0);

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

    /// <summary>Tells that the emulator runs, and in which version.</summary>
    public static ValueTask<HealthView> GetHealth() => new(new HealthView(
        "running", Banner.Version, new Dictionary<string, string> { ["iot"] = "running", ["iot-jobs-data"] = "running" }));

    /// <summary>Tells that the state is loaded and requests are answered: it takes a turn as they do. Refused when none comes within five seconds.</summary>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<StatusView> GetReady(CancellationToken aborted)
    {
        // Callers share a turn, so that while none comes only one thread waits for it.
        var turn = _turn;
        if (turn.IsCompleted)
            _turn = turn = Task.Run(() => turns.InTurn(_ => turns.WhenStored), CancellationToken.None);
        try
        {
            await turn.WaitAsync(ReadyWithin, machine, aborted);
            return new("ready");
        }
        catch (TimeoutException)
        {
            throw ServiceError.ServiceUnavailable.Because("Requests are not answered: for five seconds no turn came, or the database was not written");
        }
    }

    /// <summary>Shows what can be changed while the emulator runs.</summary>
    public ValueTask<SettingsView> GetSettings() => new(View(turns.Settings));

    /// <summary>Changes settings until the emulator is reset or ends.</summary>
    public async ValueTask<SettingsView> ChangeSettings(ChangeSettingsRequest request) =>
        View(await turns.ChangeSettings(settings => settings with
        {
            DeletionDuration = request.DeletionDuration?.Span ?? settings.DeletionDuration,
            Rollout = request.Rollout?.Value ?? settings.Rollout,
            ActiveJobs = request.ActiveJobs ?? settings.ActiveJobs,
            ConcurrentJobs = request.ConcurrentJobs ?? settings.ConcurrentJobs,
            TargetsPerJob = request.TargetsPerJob ?? settings.TargetsPerJob,
        }));

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

    /// <summary>Shows the certificates that TLS clients are to trust: of the development CA, which is made now if TLS was not used before, or those given.</summary>
    public string GetCaCertificate() => certificates.CaPem;

    /// <summary>Makes everything as it was at the start: no jobs, things or groups in any account and region, the machine's time, the first settings, no faults, no requests in the journal.</summary>
    /// <param name="seed">Whether the world then begins with the seed of the settings. If that is refused, it stays empty.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<StatusView> Reset(bool? seed, CancellationToken aborted)
    {
        if (seed is true)
        {
            await startingSeed.Reset(aborted);
            return new("ok");
        }
        await turns.Reset();
        requests.Reset();
        return new("ok");
    }

    private static SettingsView View(Settings settings) =>
        new(new(settings.DeletionDuration), settings.Rollout, settings.ActiveJobs, settings.ConcurrentJobs, settings.TargetsPerJob);
}
