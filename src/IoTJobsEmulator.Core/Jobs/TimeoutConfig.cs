using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How long an execution may be IN_PROGRESS. Source: API_TimeoutConfig.</summary>
public sealed record TimeoutConfig : IStructure
{
    /// <summary>The least and the most of either timer, in minutes: one minute to seven days.</summary>
    public const int MinimumMinutes = 1, MaximumMinutes = 10080;

    /// <summary>In minutes, 1 to 10080 (seven days).</summary>
    public long? InProgressTimeoutInMinutes { get; init; }

    /// <summary>Refuses what the service refuses beyond the shape: no value, 0, more than seven days.</summary>
    public void Check()
    {
        if (InProgressTimeoutInMinutes is not (>= MinimumMinutes and <= MaximumMinutes))
            throw ServiceError.InvalidRequest.Because($"Provide valid timeout value, inProgressTimeoutInMinutes cannot be {InProgressTimeoutInMinutes?.ToString() ?? "null"}.");
    }

    /// <summary>Refuses a device's step timer that is neither within its bounds nor -1, which ends a running one.</summary>
    public static void CheckStep(long? stepTimeoutInMinutes)
    {
        if (stepTimeoutInMinutes is not (null or -1 or (>= MinimumMinutes and <= MaximumMinutes)))
            throw ServiceError.InvalidRequest.Because($"Provide valid timeout value, stepTimeoutInMinutes cannot be {stepTimeoutInMinutes}.");
    }
}
