namespace IoTJobsEmulator.Testing;

/// <summary>The settings that can change while the emulator runs. All accounts and regions share them; a reset brings the first ones back.</summary>
public sealed class SettingsClient
{
    private const string Path = "settings";

    private readonly EmulatorApi _api;

    internal SettingsClient(EmulatorApi api) => _api = api;

    /// <summary>Reads the settings.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EmulatorSettings> GetAsync(CancellationToken cancellationToken = default) =>
        _api.Send<EmulatorSettings>(HttpMethod.Get, Path, cancellationToken: cancellationToken);

    /// <summary>Changes settings. What is null stays as it is.</summary>
    /// <param name="deletionDuration">How long a job is in DELETION_IN_PROGRESS at the least, on the emulator's clock: from zero to about a century.</param>
    /// <param name="rollout">Whether rollouts keep to their rate.</param>
    /// <param name="activeJobs">Jobs of an account and region that may be unfinished, 0 or more.</param>
    /// <param name="concurrentJobs">Jobs of an account and region that may roll out or cancel at once, 0 or more.</param>
    /// <param name="targetsPerJob">Targets that a job may have, 0 or more.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The settings afterwards.</returns>
    /// <exception cref="EmulatorException">A value is out of range (InvalidRequestException).</exception>
    public Task<EmulatorSettings> ChangeAsync(
        TimeSpan? deletionDuration = null,
        RolloutMode? rollout = null,
        int? activeJobs = null,
        int? concurrentJobs = null,
        int? targetsPerJob = null,
        CancellationToken cancellationToken = default) => _api.Send<EmulatorSettings>(
            HttpMethod.Patch, Path, new { deletionDuration, rollout, activeJobs, concurrentJobs, targetsPerJob }, cancellationToken: cancellationToken);
}

/// <summary>The settings that can change while the emulator runs.</summary>
/// <param name="DeletionDuration">How long a job is in DELETION_IN_PROGRESS at the least, on the emulator's clock.</param>
/// <param name="Rollout">Whether rollouts keep to their rate.</param>
/// <param name="ActiveJobs">Jobs of an account and region that may be unfinished.</param>
/// <param name="ConcurrentJobs">Jobs of an account and region that may roll out or cancel at once.</param>
/// <param name="TargetsPerJob">Targets that a job may have.</param>
public sealed record EmulatorSettings(TimeSpan DeletionDuration, RolloutMode Rollout, int ActiveJobs, int ConcurrentJobs, int TargetsPerJob);

/// <summary>How jobs are rolled out.</summary>
public enum RolloutMode
{
    /// <summary>What this version of the package does not know, because the emulator is newer. Nothing can be asked with it.</summary>
    Unknown,

    /// <summary>At the rate that the job states.</summary>
    Paced,

    /// <summary>To all things at once.</summary>
    Immediate,
}
