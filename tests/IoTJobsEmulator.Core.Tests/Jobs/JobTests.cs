using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class JobTests
{
    private static readonly Job Job = new()
    {
        JobId = "update-firmware",
        Ordinal = 1,
        Status = IN_PROGRESS,
        TargetSelection = TargetSelection.SNAPSHOT,
        Targets = new([]),
        CreatedAt = Start,
        LastUpdatedAt = Start,
    };

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(1_767_225_600_000L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue + 1)]
    public void A_moment_that_may_be_missing_is_what_was_given(long? milliseconds)
    {
        Moment? given = milliseconds is { } number ? new(number) : null;
        Assert.Equal(given, (Job with { EndsAt = given }).EndsAt);
        Assert.Equal(given is null, Job == Job with { EndsAt = given });
    }

    /// <summary>Source: the developer guide, "Job limits": the phases in which a job counts as concurrent.</summary>
    [Fact]
    public void A_job_is_concurrent_while_it_rolls_out_or_cancels()
    {
        JobExecutionCounts queued = new() { Queued = 1 }, inProgress = new() { InProgress = 1 };
        (Job Job, bool IsConcurrent)[] phases =
        [
            (Job with { Status = SCHEDULED, WaitingCount = 1 }, false),
            (Job with { WaitingCount = 1 }, false),
            (Job with { WaitingCount = 1, HasRolloutBegun = true }, true),
            (Job with { ExpandingCount = 1, HasRolloutBegun = true }, true),
            (Job with { Counts = queued }, false),
            (Job with { Status = CANCELED, Counts = queued }, true),
            (Job with { Status = CANCELED, WaitingCount = 1 }, true),
            (Job with { Status = CANCELED, Counts = inProgress }, false),
            (Job with { Status = CANCELED, ForceCanceled = true, Counts = inProgress }, true),
            (Job with { Status = CANCELED }, false),
            (Job with { Status = COMPLETED }, false),
            (Job with { Status = DELETION_IN_PROGRESS, Counts = queued }, false),
        ];

        Assert.Equal(phases.Select(phase => phase.IsConcurrent), phases.Select(phase => phase.Job.IsConcurrent));
    }

    [Fact]
    public void A_snapshot_job_is_finished_when_it_is_rolled_out_and_nothing_is_open()
    {
        Assert.True(Job.IsFinished);
        Assert.True((Job with { Counts = new() { Succeeded = 1, Failed = 1, TimedOut = 1, Rejected = 1, Removed = 1, Canceled = 1 } }).IsFinished);
        Assert.False((Job with { Counts = new() { Queued = 1 } }).IsFinished);
        Assert.False((Job with { Counts = new() { InProgress = 1 } }).IsFinished);
        Assert.False((Job with { WaitingCount = 1 }).IsFinished);
        Assert.False((Job with { ExpandingCount = 1 }).IsFinished);
        Assert.False((Job with { TargetSelection = TargetSelection.CONTINUOUS }).IsFinished);
        Assert.False((Job with { Status = CANCELED }).IsFinished);
    }

    [Fact]
    public void Every_status_is_counted_by_itself()
    {
        foreach (var status in Enum.GetValues<JobExecutionStatus>())
        {
            var counts = new JobExecutionCounts().Add(status, 3);
            Assert.All(Enum.GetValues<JobExecutionStatus>(), other => Assert.Equal(other == status ? 3 : 0, counts.Of(other)));
            Assert.Equal((3, status is JobExecutionStatus.QUEUED or JobExecutionStatus.IN_PROGRESS ? 3 : 0), (counts.Total, counts.Open));
            Assert.Equal(counts.Total - counts.Open, counts.Terminal);
            Assert.Equal(new JobExecutionCounts(), counts.Add(status, -3));
        }
    }
}
