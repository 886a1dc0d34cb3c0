using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How many things a minute get their execution. Source: API_JobExecutionsRolloutConfig.</summary>
public sealed record RolloutConfig : IStructure
{
    /// <summary>That of a job that has none.</summary>
    public static readonly RolloutConfig Default = new();

    /// <summary>1 to 1000 a minute; 1000 when not given.</summary>
    [MaxJobExecutionsPerMin] public int? MaximumPerMinute { get; init; }

    public ExponentialRolloutRate? ExponentialRate { get; init; }

    /// <summary>Things a minute when a job does not say.</summary>
    public const int DefaultPerMinute = 1000;

    /// <summary>
    /// How many executions may be queued in a minute that begins with these counts. An exponential rate has grown by its factor
    /// each time that another so many things were notified, or succeeded; fractions are cut off.
    /// </summary>
    public int RatePerMinute(JobExecutionCounts counts)
    {
        var maximum = MaximumPerMinute ?? DefaultPerMinute;
        if (ExponentialRate is not { } rate)
            return maximum;
        var criteria = rate.RateIncreaseCriteria!;
        var steps = criteria.NumberOfNotifiedThings is { } notified ? counts.Total / notified : counts.Succeeded / criteria.NumberOfSucceededThings!.Value;
        // Decimal, because 100 things times 2.3 are 230 and not 229.99999999999997.
        decimal perMinute = rate.BaseRatePerMinute!.Value;
        for (var step = 0; step < steps && perMinute < maximum; step++)
            perMinute *= (decimal)rate.IncrementFactor!.Value;
        return (int)Math.Min(perMinute, maximum);
    }

    /// <summary>Refuses what the service refuses beyond the shape. An update must say something; a new job need not.</summary>
    public void Check(bool mayBeEmpty)
    {
        if (MaximumPerMinute is null && ExponentialRate is not null)
            throw ServiceError.InvalidRequest.Because("Provide MaximumPerMinute value when ExponentialRate is defined");
        if (MaximumPerMinute is null && !mayBeEmpty)
            throw ServiceError.InvalidRequest.Because("Provide MaximumPerMinute value or provide ExponentialRate and MaximumPerMinute");
        if (ExponentialRate is not { } rate)
            return;
        if (rate.BaseRatePerMinute >= MaximumPerMinute)
            throw ServiceError.InvalidRequest.Because("Exponential rollout baseRatePerMinute should be less than maximumPerMinute.");
        var given = (rate.RateIncreaseCriteria!.NumberOfNotifiedThings, rate.RateIncreaseCriteria.NumberOfSucceededThings);
        if (given is (null, null))
            throw ServiceError.InvalidRequest.Because("Provide either NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined");
        if (given is (not null, not null))
            throw ServiceError.InvalidRequest.Because("Provide only one of NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined");
    }
}

/// <summary>A rate that grows with what was notified or succeeded. Source: API_ExponentialRolloutRate.</summary>
public sealed record ExponentialRolloutRate : IStructure
{
    /// <summary>1 to 1000 a minute, and less than the maximum.</summary>
    [Required, RolloutRatePerMinute] public int? BaseRatePerMinute { get; init; }

    /// <summary>1.1 to 5, one decimal.</summary>
    [Required, IncrementFactor] public double? IncrementFactor { get; init; }

    [Required] public RateIncreaseCriteria? RateIncreaseCriteria { get; init; }
}

/// <summary>Exactly one of the two. Source: API_RateIncreaseCriteria.</summary>
public sealed record RateIncreaseCriteria : IStructure
{
    [NumberOfThings] public int? NumberOfNotifiedThings { get; init; }

    [NumberOfThings] public int? NumberOfSucceededThings { get; init; }
}
