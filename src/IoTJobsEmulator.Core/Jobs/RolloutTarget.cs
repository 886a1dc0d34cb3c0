namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How a step of a rollout changes the numbers in its job's row.</summary>
/// <param name="Waiting">How many more targets wait.</param>
/// <param name="OfAllowance">How many of those that may be queued in this minute are.</param>
public readonly record struct RolloutCount(int Waiting, int OfAllowance);

/// <summary>A thing whose execution is to be queued. It becomes a <see cref="WaitingTarget"/> only if that cannot be done at once.</summary>
/// <param name="ThingName">The thing.</param>
/// <param name="TargetIndex">Which of the job's targets it is, or belongs to.</param>
/// <param name="RetryAttempt">More than 0 for a retry.</param>
/// <param name="RetriesOfTimeouts">How many of the retries followed a timeout.</param>
public readonly record struct RolloutTarget(string ThingName, int TargetIndex, int RetryAttempt = 0, int RetriesOfTimeouts = 0)
{
    /// <summary>The next attempt of an execution that has failed.</summary>
    public static RolloutTarget RetryOf(JobExecution finished, int targetIndex) => new(
        finished.ThingName, targetIndex, finished.RetryAttempt + 1, finished.RetriesOfTimeouts + (finished.Status == JobExecutionStatus.TIMED_OUT ? 1 : 0));

    public WaitingTarget Waiting(string jobId, long ordinal) => new()
    {
        JobId = jobId,
        ThingName = ThingName,
        TargetIndex = TargetIndex,
        Ordinal = ordinal,
        RetryAttempt = RetryAttempt,
        RetriesOfTimeouts = RetriesOfTimeouts,
    };
}
