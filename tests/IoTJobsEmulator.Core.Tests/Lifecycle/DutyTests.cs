using System.Reflection;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>What is due and what is done about it are one table: a moment that one of the two forgets would be due for ever.</summary>
public sealed class DutyTests
{
    private static readonly Moment Due = Start + Hours(1);

    /// <summary>Moments of a job's row that say when something happened.</summary>
    private static readonly string[] Past = [nameof(Core.Jobs.Job.CreatedAt), nameof(Core.Jobs.Job.LastUpdatedAt), nameof(Core.Jobs.Job.CompletedAt), nameof(Core.Jobs.Job.EndedAt)];

    private readonly TestRealm _test = new();

    public static TheoryData<JobDuty> JobDuties => [.. Enum.GetValues<JobDuty>()];

    public static TheoryData<JobWork> Works => [.. Enum.GetValues<JobWork>()];

    public static TheoryData<string> Moments =>
    [
        .. typeof(Job).GetProperties()
            .Where(property => property.SetMethod is not null && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(Moment))
            .Select(property => property.Name).Except(Past),
    ];

    [Theory]
    [MemberData(nameof(Moments))]
    public void Each_moment_of_a_job_has_a_duty(string member)
    {
        var jobs = Enum.GetValues<JobStatus>().Select(status => With(member, status)).ToList();

        Assert.Contains(jobs, job => job.DueAt == Due && job.FirstDutyDueBy(Due) is { } duty && job.DutyDueAt(duty) == Due);
        Assert.All(jobs, job => Assert.Equal(job.DueAt is null, job.FirstDutyDueBy(Due) is null));
        Assert.All(jobs, job => Assert.Null(job.FirstDutyDueBy(Due - Milliseconds(1))));
    }

    [Theory]
    [MemberData(nameof(JobDuties))]
    public void Each_duty_of_a_job_has_its_moment_and_is_done_in_one_step(JobDuty duty)
    {
        var job = Moments.Select(member => (string)member.Data)
            .SelectMany(member => Enum.GetValues<JobStatus>().Select(status => With(member, status)))
            .First(job => job.DutyDueAt(duty) == Due);
        _test.Realm.Jobs.Put(job);
        _test.Realm.JobDocuments.Put(new() { JobId = job.JobId, Text = "{}" });
        if (job.WaitingCount > 0)
            _test.Realm.WaitingTargets.Put(new() { JobId = job.JobId, ThingName = "pump-1", TargetIndex = 0, Ordinal = _test.Realm.NextOrdinal() });
        _test.Commit();
        _test.World.Now = Due;

        Assert.Equal(Due, DueWork.NextDue(_test.World));
        Assert.Same(_test.Realm, DueWork.Step(_test.World));
        Assert.NotEmpty(_test.Realm.Changes);
        Assert.False(_test.Realm.Jobs.Find(job.JobId)?.DutyDueAt(duty) <= Due);
    }

    [Theory]
    [MemberData(nameof(Works))]
    public void Each_kind_of_work_for_executions_is_due_at_once(JobWork work)
    {
        var (status, queued) = work switch
        {
            JobWork.Deletion => (JobStatus.DELETION_IN_PROGRESS, 1),
            JobWork.Cancellation => (JobStatus.CANCELED, 1),
            JobWork.Visibility => (JobStatus.SCHEDULED, 1),
            _ => (JobStatus.IN_PROGRESS, 0),
        };
        var job = With(null, status) with { Counts = new JobExecutionCounts().Add(JobExecutionStatus.QUEUED, queued), RolloutAllowance = 1 };
        _test.Realm.Jobs.Put(job);

        Assert.Equal((work, true), (job.Work, job.HasWork));
        Assert.Equal(DueWork.AtOnce, DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_duty_that_is_due_and_changes_nothing_is_an_error()
    {
        var idle = new Duty("nothing", realm => realm.Now, _ => { });
        var error = Assert.Throws<InvalidOperationException>(() => DueWork.Step(_test.Realm, idle));
        Assert.Equal("nothing in us-east-1 of 123456789012: due, but a step changed nothing.", error.Message);
    }

    [Fact]
    public void Work_of_a_job_whose_step_changes_nothing_is_an_error()
    {
        var job = With(null, JobStatus.CANCELED) with { Counts = new JobExecutionCounts().Add(JobExecutionStatus.QUEUED, 1) };
        _test.Realm.Jobs.Put(job);
        Assert.Throws<InvalidOperationException>(() => Cancellation.Begin(_test.Realm, job.JobId, DueWork.ChangesAtOnce));
    }

    [Fact]
    public void A_job_that_the_index_calls_due_and_that_has_no_duty_is_an_error()
    {
        _test.Realm.Jobs.Put(With(nameof(Core.Jobs.Job.EndsAt), JobStatus.IN_PROGRESS));
        Assert.Throws<InvalidOperationException>(() => JobSchedule.Step(_test.Realm));
    }

    [Fact]
    public void Asking_what_is_due_allocates_nothing()
    {
        _test.World.Realm("111122223333", "eu-central-1");
        _test.Realm.Jobs.Put(With(nameof(Core.Jobs.Job.EndsAt), JobStatus.IN_PROGRESS));
        DueWork.NextDue(_test.World);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DueWork.NextDue(_test.World);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>A job of a status that has one moment; a rollout waits for its minute while targets wait.</summary>
    private static Job With(string? member, JobStatus status)
    {
        var job = new Job
        {
            JobId = "update-firmware",
            Ordinal = 1,
            TargetSelection = TargetSelection.SNAPSHOT,
            Status = status,
            Targets = [],
            CreatedAt = Start,
            LastUpdatedAt = Start,
            HasRolloutBegun = status == JobStatus.IN_PROGRESS,
            WaitingCount = status == JobStatus.IN_PROGRESS ? 1 : 0,
            SchedulingConfig = member == nameof(Core.Jobs.Job.WindowDueAt)
                ? new() { MaintenanceWindows = [new() { StartTime = "cron(0 2 * * ? *)", DurationInMinutes = 60 }] }
                : null,
        };
        if (member is not null)
            typeof(Job).GetProperty(member, BindingFlags.Public | BindingFlags.Instance)!.SetValue(job, Due);
        return job;
    }
}
