using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>Jobs, the newest first: all or of one status.</summary>
public static class JobList
{
    private static readonly Place<Number> Start = new(long.MinValue, long.MinValue);

    public static int Count(Realm realm, JobStatus? status) => Filters(status).Sum(realm.Jobs.ByFilter.Count);

    public static IEnumerable<Job> NewestFirst(Realm realm, JobStatus? status) => After(realm, status, null);

    /// <summary>The jobs that come after another one, which need not be there any more.</summary>
    public static IEnumerable<Job> After(Realm realm, JobStatus? status, Job? last) =>
        realm.Jobs.ByFilter.MergedRowsAfter(Filters(status), last is null ? Start : new(-last.CreatedAt.Milliseconds, -last.Ordinal));

    private static IEnumerable<JobFilter> Filters(JobStatus? status) =>
        (status is { } one ? [one] : Enum.GetValues<JobStatus>()).Select(each => new JobFilter(each, null, null, null));
}
