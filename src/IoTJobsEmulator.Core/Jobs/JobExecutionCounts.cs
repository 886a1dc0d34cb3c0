using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How many executions of a job have which status (the API's <c>jobProcessDetails</c>). Executions are counted, not distinct things.</summary>
public sealed record JobExecutionCounts
{
    /// <summary>Those of a job without executions, which all such jobs share.</summary>
    public static readonly JobExecutionCounts None = new();

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
        if (!numbers.ContainsAnyExcept(0))
            return this;
        return new()
        {
            Queued = Queued + numbers[(int)QUEUED],
            InProgress = InProgress + numbers[(int)IN_PROGRESS],
            Succeeded = Succeeded + numbers[(int)SUCCEEDED],
            Failed = Failed + numbers[(int)FAILED],
            TimedOut = TimedOut + numbers[(int)TIMED_OUT],
            Rejected = Rejected + numbers[(int)REJECTED],
            Removed = Removed + numbers[(int)REMOVED],
            Canceled = Canceled + numbers[(int)CANCELED],
        };
    }

    public JobExecutionCounts Add(JobExecutionStatus status, int number)
    {
        Span<int> numbers = stackalloc int[Statuses];
        numbers[(int)status] = number;
        return Add(numbers);
    }
}
