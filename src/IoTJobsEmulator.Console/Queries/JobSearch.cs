using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>Finds jobs whose id begins with a text. No index has ids in order, so all jobs are looked through, some thousands in a turn.</summary>
public static class JobSearch
{
    /// <summary>How many are found at most.</summary>
    public const int Limit = 200;

    private const int Step = 5000;

    /// <param name="read">Reads in a turn.</param>
    /// <param name="status">Only jobs of this status.</param>
    /// <param name="prefix">What the id begins with, in any case.</param>
    /// <param name="gone">Ends the search.</param>
    public static async Task<IReadOnlyList<Job>> Find(RowWindow<Job>.Reader read, JobStatus? status, string prefix, CancellationToken gone)
    {
        List<Job> found = [];
        Job? last = null;
        while (found.Count < Limit)
        {
            gone.ThrowIfCancellationRequested();
            var from = last;
            Job? reached = null;
            found.AddRange(await read(realm =>
            {
                List<Job> matching = [];
                foreach (var job in JobList.After(realm, status, from).Take(Step))
                {
                    reached = job;
                    if (job.JobId.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                        matching.Add(job);
                }
                return matching;
            }));
            if (reached is null)
                break;
            last = reached;
        }
        return [.. found.Take(Limit)];
    }
}
