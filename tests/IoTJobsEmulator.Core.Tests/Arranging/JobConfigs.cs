namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>The configurations of jobs, in one line each.</summary>
internal static class JobConfigs
{
    public static TimeoutConfig Timeout(long? minutes) => new() { InProgressTimeoutInMinutes = minutes };

    public static RolloutConfig PerMinute(int maximum) => new() { MaximumPerMinute = maximum };

    public static RolloutConfig Exponential(int? maximum, int @base, double factor, int? notified = null, int? succeeded = null) => new()
    {
        MaximumPerMinute = maximum,
        ExponentialRate = new()
        {
            BaseRatePerMinute = @base,
            IncrementFactor = factor,
            RateIncreaseCriteria = new() { NumberOfNotifiedThings = notified, NumberOfSucceededThings = succeeded },
        },
    };

    public static AbortConfig AbortWhen(JobExecutionFailureType type, double percentage, int ofAtLeast) => AbortWhen((type, percentage, ofAtLeast));

    public static AbortConfig AbortWhen(params (JobExecutionFailureType Type, double Percentage, int OfAtLeast)[] criteria) => new()
    {
        CriteriaList = new(criteria.Select(one => new AbortCriteria
        {
            FailureType = one.Type,
            Action = AbortAction.CANCEL,
            ThresholdPercentage = one.Percentage,
            MinNumberOfExecutedThings = one.OfAtLeast,
        })),
    };

    public static RetryConfig Retries(RetryableFailureType type, int number) => Retries((type, number));

    public static RetryConfig Retries(params (RetryableFailureType Type, int Number)[] criteria) => new()
    {
        CriteriaList = new(criteria.Select(one => new RetryCriteria { FailureType = one.Type, NumberOfRetries = one.Number })),
    };

    public static SchedulingConfig Scheduled(string? start = null, string? end = null, JobEndBehavior? behavior = null) => new()
    {
        StartTime = start,
        EndTime = end,
        EndBehavior = behavior,
    };

    /// <summary>Maintenance windows of this length that open at the times of a cron expression.</summary>
    public static SchedulingConfig Windows(string cron, int minutes, string? start = null, string? end = null, JobEndBehavior? behavior = null) =>
        Scheduled(start, end, behavior) with { MaintenanceWindows = [Window(cron, minutes)] };

    public static MaintenanceWindow Window(string cron, int minutes = 60) => new() { StartTime = $"cron({cron})", DurationInMinutes = minutes };
}
