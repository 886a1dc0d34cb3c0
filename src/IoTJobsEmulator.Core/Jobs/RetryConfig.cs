using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>Which failures are retried, and how often. Source: API_JobExecutionsRetryConfig.</summary>
public sealed record RetryConfig : IStructure
{
    [Required, RetryCriteriaList] public ValueList<RetryCriteria>? CriteriaList { get; init; }

    /// <summary>Retries of one thing, over all criteria.</summary>
    public const int MaximumRetries = 10;

    private IEnumerable<RetryableFailureType> FailureTypes => CriteriaList!.Select(criteria => criteria.FailureType!.Value);

    /// <summary>Whether a finished execution is retried. A criterion for one failure type has a budget of its own.</summary>
    public bool ShouldRetry(JobExecution finished) => finished.Status switch
    {
        JobExecutionStatus.FAILED => Budget(RetryableFailureType.ALL) > finished.RetryAttempt
            || Budget(RetryableFailureType.FAILED) > finished.RetryAttempt - finished.RetriesOfTimeouts,
        JobExecutionStatus.TIMED_OUT => Budget(RetryableFailureType.ALL) > finished.RetryAttempt
            || Budget(RetryableFailureType.TIMED_OUT) > finished.RetriesOfTimeouts,
        _ => false,
    };

    private int Budget(RetryableFailureType type)
    {
        foreach (var criteria in CriteriaList!)
        {
            if (criteria.FailureType!.Value == type)
                return criteria.NumberOfRetries ?? 0;
        }
        return 0;
    }

    /// <summary>Refuses what the service refuses beyond the shape.</summary>
    public void Check()
    {
        if (CriteriaList!.Count > 1 && FailureTypes.Contains(RetryableFailureType.ALL))
            throw ServiceError.InvalidRequest.Because("A retryCriteria with failure type ALL must be used by itself.");
        if (FailureTypes.Distinct().Count() < CriteriaList.Count)
            throw ServiceError.InvalidRequest.Because("Each failure type can be used in only one retryCriteria.");
        if (CriteriaList.Sum(criteria => criteria.NumberOfRetries) > MaximumRetries)
            throw ServiceError.InvalidRequest.Because($"The sum of numberOfRetries over all retryCriteria cannot be greater than {MaximumRetries}.");
    }

    /// <summary>After creation retries can only be switched off.</summary>
    public void CheckUpdate()
    {
        if (CriteriaList!.Any(criteria => criteria.NumberOfRetries != 0))
            throw ServiceError.InvalidRequest.Because("The number of retries cannot be updated to any number other than 0.");
    }

    /// <summary>They can be switched off only for the failure types that the job has.</summary>
    public void CheckAgainst(RetryConfig? atCreation)
    {
        if (atCreation is null)
            throw ServiceError.InvalidRequest.Because("RetryConfig cannot be updated if the job has no RetryConfig defined during creation.");
        if (!FailureTypes.Order().SequenceEqual(atCreation.FailureTypes.Order()))
            throw ServiceError.InvalidRequest.Because("FailureTypes must match existing FailureTypes defined in RetryConfig.");
    }
}

/// <summary>Source: API_RetryCriteria.</summary>
public sealed record RetryCriteria : IStructure
{
    [Required] public EnumText<RetryableFailureType>? FailureType { get; init; }

    /// <summary>0 to 10; at most 10 over all criteria.</summary>
    [Required, NumberOfRetries] public int? NumberOfRetries { get; init; }
}

/// <summary>What can be retried. Members stand in the order in which the service lists them.</summary>
public enum RetryableFailureType
{
    ALL,
    TIMED_OUT,
    FAILED,
}
