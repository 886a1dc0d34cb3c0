using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>What an account and region has, at a glance.</summary>
/// <param name="Things">How many things.</param>
/// <param name="ThingGroups">How many thing groups.</param>
/// <param name="Jobs">How many jobs of each status, those of none left out.</param>
/// <param name="InMotion">The newest jobs that are IN_PROGRESS or SCHEDULED.</param>
/// <param name="Due">What is due next.</param>
public sealed record Overview(
    int Things, int ThingGroups, IReadOnlyList<(JobStatus Status, int Count)> Jobs, IReadOnlyList<Job> InMotion, IReadOnlyList<DueItem> Due)
{
    private const int Shown = 8;

    public bool IsEmpty => Things == 0 && ThingGroups == 0 && Jobs.Count == 0;

    public static Overview Of(Realm realm) => new(
        realm.Things.Count,
        realm.ThingGroups.ByName.Count,
        [.. Enum.GetValues<JobStatus>().Select(status => (status, JobList.Count(realm, status))).Where(counted => counted.Item2 > 0)],
        [.. JobList.NewestFirst(realm, JobStatus.IN_PROGRESS).Concat(JobList.NewestFirst(realm, JobStatus.SCHEDULED)).Take(Shown)],
        DueItem.Next(realm, Shown));
}
