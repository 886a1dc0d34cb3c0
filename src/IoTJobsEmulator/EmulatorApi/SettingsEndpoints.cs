using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The settings that can be changed while the emulator runs.</summary>
internal sealed class SettingsEndpoints(TurnGate turns)
{
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

    private static SettingsView View(Settings settings) =>
        new(new(settings.DeletionDuration), settings.Rollout, settings.ActiveJobs, settings.ConcurrentJobs, settings.TargetsPerJob);
}
