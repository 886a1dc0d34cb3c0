using System.Globalization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A job's configurations, said in sentences.</summary>
public static class JobWords
{
    /// <summary>The targets in short: the name of the only one, or how many they are.</summary>
    public static string Targets(Job job) => job.Targets is [var only]
        ? Name(only.Arn)
        : string.Create(CultureInfo.InvariantCulture, $"{job.Targets.Count} targets");

    /// <summary>An ARN without what all ARNs of an account and region have: <c>thing/pump-1</c>.</summary>
    public static string Name(string arn) => Arn.TryParse(arn, out var read) ? $"{read.ResourceType}/{read.ResourceId}" : arn;

    /// <summary>All configurations: what each is called in the API, and what it says.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Sentences)> Configurations(Job job)
    {
        yield return ("Target selection", [job.TargetSelection == TargetSelection.CONTINUOUS
            ? "CONTINUOUS: things that join a target group later get the job, too."
            : "SNAPSHOT: the things that were targets when the job was created."]);
        yield return ("Rollout", [Rollout(job.RolloutConfig ?? new())]);
        if (job.AbortConfig is { } abort)
            yield return ("Abort", [.. abort.CriteriaList!.Select(criteria => Abort(criteria, job.Counts))]);
        if (job.TimeoutConfig?.InProgressTimeoutInMinutes is { } minutes)
            yield return ("Timeout", [$"An execution that is IN_PROGRESS for {Minutes(minutes)} becomes TIMED_OUT."]);
        if (job.RetryConfig is { } retry)
            yield return ("Retries", [.. retry.CriteriaList!.Select(Retry)]);
        if (job.SchedulingConfig is { } schedule && Schedule(schedule).ToList() is { Count: > 0 } sentences)
            yield return ("Schedule", sentences);
        if (job.PresignedUrlConfig is { RoleArn: { } role } presigned)
            yield return ("Presigned URLs", [string.Create(CultureInfo.InvariantCulture, $"Valid for {presigned.ExpiresInSec ?? PresignedUrlConfig.DefaultExpiresInSec} s, role {role}.")]);
        if (job.DestinationPackageVersions is { Count: > 0 } packages)
            yield return ("Package versions", [.. packages]);
    }

    private static string Rollout(RolloutConfig config)
    {
        var maximum = config.MaximumPerMinute ?? RolloutConfig.DefaultPerMinute;
        if (config.ExponentialRate is not { } rate)
            return string.Create(CultureInfo.InvariantCulture, $"At most {maximum} executions are queued a minute.");
        var criteria = rate.RateIncreaseCriteria!;
        var step = criteria.NumberOfNotifiedThings is { } notified ? $"{notified} things notified" : $"{criteria.NumberOfSucceededThings} things SUCCEEDED";
        return string.Create(CultureInfo.InvariantCulture,
            $"{rate.BaseRatePerMinute} executions are queued a minute at first, times {rate.IncrementFactor} with each {step}, at most {maximum}.");
    }

    private static string Abort(AbortCriteria criteria, JobExecutionCounts counts)
    {
        var type = criteria.FailureType!.Text;
        return string.Create(CultureInfo.InvariantCulture,
            $"The job is canceled when {criteria.ThresholdPercentage} % of at least {criteria.MinNumberOfExecutedThings} finished executions are {(type == "ALL" ? "FAILED, REJECTED or TIMED_OUT" : type)}. So far {Failures(criteria, counts)} of {counts.Terminal}.");
    }

    /// <summary>How many executions count as failures for a criterion.</summary>
    public static int Failures(AbortCriteria criteria, JobExecutionCounts counts) => criteria.FailureType!.Value switch
    {
        JobExecutionFailureType.FAILED => counts.Failed,
        JobExecutionFailureType.REJECTED => counts.Rejected,
        JobExecutionFailureType.TIMED_OUT => counts.TimedOut,
        _ => counts.Failed + counts.Rejected + counts.TimedOut,
    };

    private static string Retry(RetryCriteria criteria)
    {
        var type = criteria.FailureType!.Text;
        var times = criteria.NumberOfRetries switch { 1 => "once", var number => string.Create(CultureInfo.InvariantCulture, $"up to {number} times") };
        return criteria.NumberOfRetries == 0 ? $"{Failure(type)} is not retried." : $"{Failure(type)} is retried {times}.";
    }

    private static string Failure(string type) => type == "ALL" ? "An execution that is FAILED or TIMED_OUT" : $"An execution that is {type}";

    private static IEnumerable<string> Schedule(SchedulingConfig schedule)
    {
        if (schedule.StartTime is { } start)
            yield return $"Starts at {start} UTC.";
        if (schedule.EndTime is { } end)
            yield return $"Ends at {end} UTC: {EndBehavior(schedule.EndBehavior?.Value)}";
        foreach (var window in schedule.MaintenanceWindows ?? [])
            yield return $"A maintenance window opens {CronWords.Of(window.StartTime!) ?? $"at {window.StartTime}"}, for {Minutes(window.DurationInMinutes ?? 0)}.";
    }

    private static string EndBehavior(JobEndBehavior? behavior) => behavior switch
    {
        JobEndBehavior.CANCEL => "what is QUEUED is canceled (CANCEL).",
        JobEndBehavior.FORCE_CANCEL => "what is QUEUED or IN_PROGRESS is canceled (FORCE_CANCEL).",
        _ => "nothing more is queued, what is open goes on (STOP_ROLLOUT).",
    };

    private static string Minutes(long minutes) => Times.Length(TimeSpan.FromMinutes(minutes));
}
