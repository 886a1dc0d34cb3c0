using System.Globalization;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>When a job is aborted: when any of the criteria is met. Source: API_AbortConfig.</summary>
public sealed record AbortConfig : IStructure
{
    [Required, AbortCriteriaList] public ValueList<AbortCriteria>? CriteriaList { get; init; }

    /// <summary>Whether these counts call for an abort: some criterion has enough finished executions, and enough failures among them.</summary>
    public bool IsMet(JobExecutionCounts counts) => CriteriaList!.Any(criteria => criteria.IsMet(counts));

    /// <summary>Refuses what the service refuses beyond the shape: a threshold that everything would meet.</summary>
    public void Check()
    {
        foreach (var criteria in CriteriaList!)
        {
            if (criteria.ThresholdPercentage <= 0)
                throw ServiceError.InvalidRequest.Because(
                    string.Create(CultureInfo.InvariantCulture, $"ThresholdPercentage value {criteria.ThresholdPercentage:0.0###} for AbortCriteria must have value greater than 0"));
        }
    }
}

/// <summary>One criterion. Members stand in the order in which the service reports their violations. Source: API_AbortCriteria.</summary>
public sealed record AbortCriteria : IStructure
{
    [Required, MinimumNumberOfExecutedThings] public int? MinNumberOfExecutedThings { get; init; }

    [Required] public EnumText<JobExecutionFailureType>? FailureType { get; init; }

    [Required] public EnumText<AbortAction>? Action { get; init; }

    /// <summary>In percent, more than 0 and at most 100, with two decimals.</summary>
    [Required, AbortThresholdPercentage] public double? ThresholdPercentage { get; init; }

    // The guide counts finished executions, the API page notified ones. The guide gives a worked example, so it is followed.
    internal bool IsMet(JobExecutionCounts counts) =>
        counts.Terminal >= MinNumberOfExecutedThings && Failures(counts) * 100m >= (decimal)ThresholdPercentage!.Value * counts.Terminal;

    private int Failures(JobExecutionCounts counts) => FailureType!.Value switch
    {
        JobExecutionFailureType.FAILED => counts.Failed,
        JobExecutionFailureType.REJECTED => counts.Rejected,
        JobExecutionFailureType.TIMED_OUT => counts.TimedOut,
        _ => counts.Failed + counts.Rejected + counts.TimedOut,
    };
}

/// <summary>What counts as a failure. Members stand in the order in which the service lists them.</summary>
public enum JobExecutionFailureType
{
    ALL,
    TIMED_OUT,
    FAILED,
    REJECTED,
}

public enum AbortAction
{
    CANCEL,
}
