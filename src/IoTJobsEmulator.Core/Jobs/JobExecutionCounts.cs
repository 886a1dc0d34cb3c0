using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How many executions of a job have which status (the API's <c>jobProcessDetails</c>). Executions are counted, not distinct things.</summary>
public sealed record JobExecutionCounts
{
    public int Queued { get; init; }

    public int InProgress { get; init; }

    public int Succeeded { get; init; }

    public int Failed { get; init; }

    public int TimedOut { get; init; }

    public int Rejected { get; init; }

    public int Removed { get; init; }

    public int Canceled { get; init; }

    public int Open => Queued + InProgress;

    public int Terminal => Succeeded + Failed + TimedOut + Rejected + Removed + Canceled;

    public int Total => Open + Terminal;

    public int Of(JobExecutionStatus status) => status switch
    {
        QUEUED => Queued,
        IN_PROGRESS => InProgress,
        SUCCEEDED => Succeeded,
        FAILED => Failed,
        TIMED_OUT => TimedOut,
        REJECTED => Rejected,
        REMOVED => Removed,
        CANCELED => Canceled,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>How many statuses there are.</summary>
    public static readonly int Statuses = Enum.GetValues<JobExecutionStatus>().Length;

    /// <summary>Adds a number for each status, in their order.</summary>
    public JobExecutionCounts Add(ReadOnlySpan<int> numbers)
    {
        var counts = this;
        for (var status = 0; status < numbers.Length; status++)
        {
            if (numbers[status] != 0)
                counts = counts.Add((JobExecutionStatus)status, numbers[status]);
        }
        return counts;
    }

    public JobExecutionCounts Add(JobExecutionStatus status, int number) => status switch
    {
        QUEUED => this with { Queued = Queued + number },
        IN_PROGRESS => this with { InProgress = InProgress + number },
        SUCCEEDED => this with { Succeeded = Succeeded + number },
        FAILED => this with { Failed = Failed + number },
        TIMED_OUT => this with { TimedOut = TimedOut + number },
        REJECTED => this with { Rejected = Rejected + number },
        REMOVED => this with { Removed = Removed + number },
        CANCELED => this with { Canceled = Canceled + number },
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
