namespace IoTJobsEmulator.Core.Tests.Lifecycle.Histories;

/// <summary>Who gets an execution, compared with a naive look at memberships: after any history, when due work has done all it owes.</summary>
public sealed class TargetTests
{
    private readonly Dictionary<(TestRealm, long JobOrdinal), HashSet<string>> _targetsAtCreation = [];

    // Somebody deleted the execution, or the thing before the rollout came to it.
    private readonly HashSet<(TestRealm, long JobOrdinal, string ThingName)> _excused = [];

    [Fact]
    public void A_snapshot_job_runs_on_whoever_was_a_target_when_it_was_created() => History.Check(Note, AssertSnapshotJobsRunOnTheirTargets);

    [Fact]
    public void A_snapshot_job_runs_on_whoever_was_a_target_when_due_work_comes_late() =>
        History.Check(Note, AssertSnapshotJobsRunOnTheirTargets, fleet: 1000, histories: 30);

    [Fact]
    public void A_continuous_job_runs_on_all_its_targets_and_waits_for_nobody_else() => History.Check(Note, AssertContinuousJobsFollow);

    [Fact]
    public void A_continuous_job_runs_on_all_its_targets_when_due_work_comes_late() =>
        History.Check(Note, AssertContinuousJobsFollow, fleet: 1000, histories: 30);

    private void Note(History.Turn turn)
    {
        foreach (var change in turn.Changes)
        {
            if (change is Change<Job> { Before: null, After: { } job })
                _targetsAtCreation[(turn.Test, job.Ordinal)] = TargetsOf(turn.Test, job);
            if (change is Change<JobExecution> { After: null, Before: { } execution } && turn.Test.Realm.Jobs.Find(execution.JobId) is { } ofJob)
                _excused.Add((turn.Test, ofJob.Ordinal, execution.ThingName));
            if (change is Change<Thing> { After: null, Before: { } thing })
                _excused.UnionWith(turn.Test.Realm.Jobs.All.Select(each => (turn.Test, each.Ordinal, thing.ThingName)));
        }
    }

    private void AssertSnapshotJobsRunOnTheirTargets(TestRealm test)
    {
        test.DoDueWork();
        foreach (var job in test.Realm.Jobs.All.Where(job => job is { TargetSelection: TargetSelection.SNAPSHOT, Status: JobStatus.IN_PROGRESS or JobStatus.COMPLETED }))
        {
            var (targets, ran) = (_targetsAtCreation[(test, job.Ordinal)], ThingsOf(test, job));
            Assert.Subset(targets, ran);
            Assert.Subset(ran, targets.Where(thing => !_excused.Contains((test, job.Ordinal, thing))).ToHashSet());
        }
    }

    private void AssertContinuousJobsFollow(TestRealm test)
    {
        test.DoDueWork();
        foreach (var job in test.Realm.Jobs.All.Where(job => job is { TargetSelection: TargetSelection.CONTINUOUS, Status: JobStatus.IN_PROGRESS }))
        {
            var targets = TargetsOf(test, job);
            Assert.Subset(ThingsOf(test, job), targets.Where(thing => !_excused.Contains((test, job.Ordinal, thing))).ToHashSet());
            Assert.Subset(targets, ThingsOf(test, job, JobExecutionStatus.QUEUED));
        }
    }

    private static HashSet<string> ThingsOf(TestRealm test, Job job, JobExecutionStatus? status = null) => test.Realm.Executions.All
        .Where(execution => execution.JobId == job.JobId && (status is null || execution.Status == status))
        .Select(execution => execution.ThingName).ToHashSet();

    private static HashSet<string> TargetsOf(TestRealm test, Job job)
    {
        var groups = job.Targets.Select(target => target.ThingGroupId).ToHashSet();
        var below = test.Realm.ThingGroups.All.Where(group => !group.IsDeleted && group.Path.Split('/').Any(id => id.Length > 0 && groups.Contains(id)))
            .Select(group => group.ThingGroupId).ToHashSet();
        return test.Realm.Memberships.All.Where(membership => below.Contains(membership.ThingGroupId)).Select(membership => membership.ThingName)
            .Concat(job.Targets.Where(target => target.ThingName is not null).Select(target => target.ThingName!))
            .Where(thing => test.Realm.Things.Find(thing) is not null)
            .ToHashSet();
    }
}
