using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>Something that devices and event subscribers are told after a turn is committed.</summary>
public abstract record Announcement;

/// <summary>
/// A thing's pending list has other executions than before (<c>notify</c>). Carries the list as it stands, as far as
/// devices are shown it.
/// </summary>
public sealed record PendingExecutionsChanged(string ThingName, string? NamespaceId, ValueList<JobExecution> Pending) : Announcement
{
    /// <summary>In a namespace: the jobs whose executions came to the list or left it.</summary>
    public ValueList<string> JobIds { get; init; } = ValueList<string>.Empty;
}

/// <summary>
/// The head of a thing's pending list is another execution than before, or none (<c>notify-next</c>). In a namespace only while no execution
/// outside it stands before the head.
/// </summary>
public sealed record NextExecutionChanged(string ThingName, string? NamespaceId, JobExecution? Next, JobDocument? Document) : Announcement
{
    /// <summary>How long URLs in the document are good: they are made when it is sent, with <see cref="JobDocument.ForDevice"/>.</summary>
    public PresignedUrlConfig? PresignedUrlConfig { get; init; }
}

/// <summary>A job has come to a state (<c>$aws/events/job/...</c>).</summary>
public sealed record JobEvent(JobOperation Operation, Job Job) : Announcement;

/// <summary>The last part of a job event's topic. Start and end of cancelling and of deleting are separate events.</summary>
public enum JobOperation
{
    completed,
    cancellation_in_progress,
    canceled,
    deletion_in_progress,
    deleted,
}

/// <summary>
/// An execution is finished, or was deleted (<c>$aws/events/jobExecution/...</c>). Carries the row as it last was.
/// </summary>
public sealed record JobExecutionEvent(JobExecution Execution, bool IsDeleted) : Announcement;
