namespace IoTJobsEmulator.Core.Simulators;

/// <summary>How the devices of a simulator behave. What differs from device to device is drawn: see <see cref="Draw"/>. Durations are in milliseconds.</summary>
public sealed record SimulatedBehavior
{
    private const long Second = 1000;

    /// <summary>How long a device waits before it takes an execution.</summary>
    public long PicksUp { get; init; }

    /// <summary>How long a device works on an execution, at least.</summary>
    public long TakesFrom { get; init; }

    /// <summary>The same, at most.</summary>
    public long TakesTo { get; init; }

    public required OutcomeWeights Outcomes { get; init; }

    public ValueMap? SucceededDetails { get; init; }

    public ValueMap? FailedDetails { get; init; }

    public ValueMap? RejectedDetails { get; init; }

    /// <summary>What a device reports while it works, in order of time.</summary>
    public ValueList<ProgressReport> Progress { get; init; } = [];

    /// <summary>How many of a hundred things do nothing at all.</summary>
    public int Offline { get; init; }

    public int Seed { get; init; }

    /// <summary>Whether a thing is among those that do nothing at all.</summary>
    public bool IsOffline(string thingName) => Offline > 0 && Draw.Below(100, Seed, Draw.Offline, thingName) < Offline;

    /// <summary>How an execution ends.</summary>
    public SimulatedOutcome OutcomeOf(string thingName, string jobId, long executionNumber)
    {
        var drawn = Draw.Below(Outcomes.Total, Seed, Draw.Outcome, thingName, jobId, executionNumber);
        if ((drawn -= Outcomes.Succeeded) < 0)
            return SimulatedOutcome.SUCCEEDED;
        if ((drawn -= Outcomes.Failed) < 0)
            return SimulatedOutcome.FAILED;
        return drawn - Outcomes.Rejected < 0 ? SimulatedOutcome.REJECTED : SimulatedOutcome.silent;
    }

    /// <summary>
    /// How long a device works on an execution. Between whole seconds the duration is one of whole seconds too: the service's own times for devices
    /// are, and what many devices do at one moment costs less.
    /// </summary>
    public TimeSpan DurationOf(string thingName, string jobId, long executionNumber)
    {
        var steps = (TakesTo - TakesFrom) / Step;
        return TimeSpan.FromMilliseconds(TakesFrom + Step * Draw.Below(steps + 1, Seed, Draw.Duration, thingName, jobId, executionNumber));
    }

    /// <summary>The part of a duration after which a device makes a report.</summary>
    public TimeSpan TimeOf(ProgressReport report, TimeSpan duration)
    {
        var milliseconds = (long)duration.TotalMilliseconds * report.At / 100;
        return TimeSpan.FromMilliseconds(milliseconds - milliseconds % Step);
    }

    /// <summary>What a device says of an execution that it ends.</summary>
    public ValueMap? DetailsOf(SimulatedOutcome outcome) => outcome switch
    {
        SimulatedOutcome.SUCCEEDED => SucceededDetails,
        SimulatedOutcome.FAILED => FailedDetails,
        _ => RejectedDetails,
    };

    private long Step => TakesFrom % Second == 0 && TakesTo % Second == 0 ? Second : 1;
}

/// <summary>What a device reports while it works.</summary>
/// <param name="At">When, in percent of the time that it takes.</param>
/// <param name="StatusDetails">What it says; null keeps what it said before.</param>
public sealed record ProgressReport(int At, ValueMap? StatusDetails);

/// <summary>How often executions end how, each in relation to the total.</summary>
public sealed record OutcomeWeights
{
    public int Succeeded { get; init; }

    public int Failed { get; init; }

    public int Rejected { get; init; }

    public int Silent { get; init; }

    public long Total => (long)Succeeded + Failed + Rejected + Silent;
}

/// <summary>How an execution ends. The members stand as they are written in a simulator.</summary>
public enum SimulatedOutcome
{
    SUCCEEDED,
    FAILED,
    REJECTED,

    /// <summary>The device takes the execution and says nothing more of it.</summary>
    silent,
}
