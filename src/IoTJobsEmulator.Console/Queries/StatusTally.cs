using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Words;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>How many jobs and executions an account and region has of each status. Two of them tell what happened between.</summary>
public sealed class StatusTally
{
    private const int ReadAtOnce = 2000;

    private readonly Dictionary<JobStatus, int> _jobs = [];
    private readonly Dictionary<JobExecutionStatus, int> _executions = [];

    public static async Task<StatusTally> Take(RowWindow<Job>.Reader read)
    {
        var tally = new StatusTally();
        Job? last = null;
        while (true)
        {
            var from = last;
            var jobs = await read(realm => [.. JobList.After(realm, null, from).Take(ReadAtOnce)]);
            foreach (var job in jobs)
                tally.Add(job);
            if (jobs.Count < ReadAtOnce)
                return tally;
            last = jobs[^1];
        }
    }

    /// <summary>What is more and what is less than in an earlier tally, in words: <c>QUEUED −20, TIMED_OUT +20</c>.</summary>
    public (string Jobs, string Executions) Since(StatusTally earlier) => (Difference(earlier._jobs, _jobs), Difference(earlier._executions, _executions));

    private static string Difference<TStatus>(Dictionary<TStatus, int> before, Dictionary<TStatus, int> after) where TStatus : struct, Enum
    {
        var changed = Enum.GetValues<TStatus>()
            .Select(status => (status, By: after.GetValueOrDefault(status) - before.GetValueOrDefault(status)))
            .Where(change => change.By != 0)
            .Select(change => $"{change.status} {(change.By > 0 ? "+" : "\u2212")}{Executions.Number(Math.Abs(change.By))}");
        return string.Join(", ", changed);
    }

    private void Add(Job job)
    {
        _jobs[job.Status] = _jobs.GetValueOrDefault(job.Status) + 1;
        foreach (var status in Enum.GetValues<JobExecutionStatus>())
            _executions[status] = _executions.GetValueOrDefault(status) + job.Counts.Of(status);
    }
}
