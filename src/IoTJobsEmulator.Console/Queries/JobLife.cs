using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>
/// How many executions of a job had which status over its life. It follows from the moments in their rows: when each was queued, started and
/// finished. Executions that were deleted are in it no more.
/// </summary>
public sealed class JobLife
{
    /// <summary>Parts that the time is divided into.</summary>
    public const int Parts = 160;

    private const int ReadAtOnce = 2000, Margin = 40;

    private readonly int[][] _counts = [.. Enum.GetValues<JobExecutionStatus>().Select(_ => new int[Parts + 1])];

    private JobLife(Moment from, Moment to) => (From, To) = (from, to);

    /// <summary>When the job was created.</summary>
    public Moment From { get; }

    /// <summary>A little after now, or after its last change if it is over, so that what happened last has a width.</summary>
    public Moment To { get; }

    /// <summary>The most executions at one time.</summary>
    public int Most { get; private set; }

    /// <summary>How many executions had a status at the beginning of a part.</summary>
    public int At(JobExecutionStatus status, int part) => _counts[(int)status][part];

    /// <summary>How many were finished at the beginning of a part.</summary>
    public int Finished(int part) => Enum.GetValues<JobExecutionStatus>().Where(status => status is not (QUEUED or IN_PROGRESS)).Sum(status => At(status, part));

    /// <summary>Reads the executions of a job, some thousands in a turn.</summary>
    /// <param name="read">Reads in a turn.</param>
    /// <param name="job">The job.</param>
    /// <param name="now">The emulator's time.</param>
    /// <param name="gone">Ends the reading.</param>
    public static async Task<JobLife> Read(RowWindow<JobExecution>.Reader read, Job job, Moment now, CancellationToken gone)
    {
        var isOver = job.IsTerminal && job.Counts.Open == 0;
        var end = isOver ? Moment.Later(job.LastUpdatedAt, job.CompletedAt ?? job.LastUpdatedAt) : now;
        var life = new JobLife(job.CreatedAt, end + TimeSpan.FromMilliseconds(Math.Max(1000, (end - job.CreatedAt).TotalMilliseconds / Margin)));
        JobExecution? last = null;
        while (true)
        {
            gone.ThrowIfCancellationRequested();
            var from = last;
            var rows = await read(realm => [.. ExecutionList.After(realm, job.JobId, null, from).Take(ReadAtOnce)]);
            foreach (var row in rows)
                life.Add(row);
            if (rows.Count < ReadAtOnce)
                break;
            last = rows[^1];
        }
        life.Sum();
        return life;
    }

    private void Add(JobExecution execution)
    {
        Change(QUEUED, execution.QueuedAt, 1);
        var finished = execution.IsTerminal ? execution.LastUpdatedAt : (Moment?)null;
        var started = execution.StartedAt is { } at && !(finished <= at) ? at : (Moment?)null;
        if (started is { } begun)
        {
            Change(QUEUED, begun, -1);
            Change(IN_PROGRESS, begun, 1);
        }
        if (finished is { } end)
        {
            Change(started is null ? QUEUED : IN_PROGRESS, end, -1);
            Change(execution.Status, end, 1);
        }
    }

    private void Change(JobExecutionStatus status, Moment at, int by)
    {
        var part = (at - From) / (To - From) * Parts;
        if (part <= Parts)
            _counts[(int)status][Math.Clamp((int)Math.Ceiling(part), 0, Parts)] += by;
    }

    private void Sum()
    {
        foreach (var counts in _counts)
        {
            for (var part = 1; part <= Parts; part++)
                counts[part] += counts[part - 1];
        }
        for (var part = 0; part <= Parts; part++)
            Most = Math.Max(Most, _counts.Sum(counts => counts[part]));
    }
}
