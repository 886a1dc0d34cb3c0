using System.Globalization;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using Api = IoTJobsEmulator.Core.Operations.Jobs;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;
using Registry = IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests;

/// <summary>
/// A realm whose clock the test moves, doing what is due on the way exactly as the server does. After each move of the clock the
/// whole world is checked: counts, timers, what waits, and the size of each turn.
/// </summary>
public abstract class LifecycleTest
{
    /// <summary>Changes of one turn of due work: a thousand rows of a fleet, what follows from each, and the job's own row.</summary>
    protected const int ChangesAtMost = 2500;

    private TestRealm _test = new();

    /// <summary>2026-01-01 00:00 UTC, a Thursday.</summary>
    protected static Moment Start => TestRealm.Start;

    protected TestRealm Test => _test;

    protected Realm Realm => _test.Realm;

    protected World World => _test.World;

    protected Moment Now => World.Now;

    /// <summary>What was announced since the start, in order.</summary>
    protected List<Announcement> Announced { get; } = [];

    /// <summary>How many rows each turn of due work has changed, and at what moment.</summary>
    protected List<(Moment At, int Changes)> Turns { get; } = [];

    protected static TimeSpan Minutes(double number) => TimeSpan.FromMinutes(number);

    protected static TimeSpan Hours(double number) => TimeSpan.FromHours(number);

    protected static TimeSpan Days(double number) => TimeSpan.FromDays(number);

    /// <summary>A moment: <c>12:05</c> is on the first day, <c>2026-01-02 12:05</c> on whatever day.</summary>
    protected static Moment At(string time) => Moment.Of(DateTimeOffset.Parse(
        time.Contains('-', StringComparison.Ordinal) ? time : $"2026-01-01 {time}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    protected static string ThingArn(string thing) => Arrange.ThingArn(thing);

    protected static string GroupArn(string group) => Arrange.GroupArn(group);

    // The clock

    protected void Advance(TimeSpan time) => AdvanceTo(Now + time);

    /// <summary>Moves the clock from one due moment to the next, as the server does.</summary>
    protected void AdvanceTo(Moment end)
    {
        Commit();
        while (DueWork.NextDue(World) is { } at && at <= end)
        {
            World.Now = Moment.Later(at, World.Now);
            Step();
        }
        World.Now = end;
        AssertSound();
    }

    /// <summary>Moves the clock to each whole minute up to so many, and says what stands there: <c>[1000, 2000, 3000]</c>.</summary>
    protected List<int> EachMinute(int minutes, Func<int> count) => [.. Enumerable.Range(0, minutes).Select(_ =>
    {
        Advance(Minutes(1));
        return count();
    })];

    /// <summary>The server was down: the clock is found at a later moment, and nothing was done meanwhile.</summary>
    protected void Jump(Moment to)
    {
        Commit();
        World.Now = to;
    }

    /// <summary>Does what is due by now, without the clock moving.</summary>
    protected void CatchUp() => AdvanceTo(Now);

    /// <summary>Begins again from the rows alone, as the server does with its database.</summary>
    protected void Restart()
    {
        Commit();
        var next = new TestRealm();
        next.World.Now = Now;
        next.World.Settings = World.Settings;
        var lastOrdinal = Realm.NextOrdinal();
        foreach (var (from, to) in Realm.Tables.Zip(next.Realm.Tables))
        {
            foreach (var row in from.Rows)
                to.Load(row);
        }
        next.Realm.OrdinalsWereUsedUpTo(lastOrdinal);
        _test = next;
    }

    /// <summary>Ends the turn of an operation: what it announces is what it changed.</summary>
    protected IReadOnlyList<Announcement> Commit()
    {
        var announcements = Announcements.Of(Realm, Realm.TakeChanges());
        Announced.AddRange(announcements);
        return announcements;
    }

    private void Step()
    {
        Assert.Same(Realm, DueWork.Step(World));
        Turns.Add((Now, Realm.Changes.Count));
        Assert.InRange(Realm.Changes.Count, 1, ChangesAtMost + (Realm.Simulators.Any ? DueWork.ChangesPerTurn : 0)); // each thing's device may be scheduled
        Assert.True(Turns.Count < 100_000, "due work does not come to an end");
        Commit();
    }

    // Arranging

    protected void CreateThings(params string[] things) => Test.CreateThings(things);

    protected void DeleteThing(string thing) => Registry.DeleteThing.Handle(Test, thing, null);

    protected void RollOutAtOnce() => World.Settings = World.Settings with { Rollout = RolloutMode.immediate };

    /// <summary>A group with these things in it, which may be there already.</summary>
    protected void CreateGroup(string group, params string[] members) => Test.CreateGroup(group, parent: null, members);

    /// <summary>A group of <c>GROUP-1</c>, <c>GROUP-2</c>, … and its ARN.</summary>
    protected string Fleet(string group, int size)
    {
        CreateGroup(group);
        var id = Realm.ThingGroups.Named.First(group)!.ThingGroupId;
        for (var number = 1; number <= size; number++)
        {
            var thing = $"{group}-{number}";
            ((ITable)Realm.Things).Load(new Thing { ThingName = thing, ThingId = thing, Ordinal = Realm.NextOrdinal() });
            ((ITable)Realm.Memberships).Load(new Membership { ThingGroupId = id, ThingName = thing, Ordinal = Realm.NextOrdinal() });
        }
        return GroupArn(group);
    }

    protected void Join(string thing, string group) => Test.Join(thing, group);

    protected void Leave(string thing, string group) => Test.Leave(thing, group);

    /// <summary>A job on things and groups, each named by its ARN.</summary>
    protected void CreateJob(
        string jobId,
        string target,
        string? andTarget = null,
        bool isContinuous = false,
        RolloutConfig? rollout = null,
        AbortConfig? abort = null,
        long? timeout = null,
        RetryConfig? retry = null,
        SchedulingConfig? schedule = null) => Api.CreateJob.Handle(Test, jobId, new()
        {
            Targets = new(andTarget is null ? [target] : [target, andTarget]),
            Document = "{}",
            TargetSelection = isContinuous ? TargetSelection.CONTINUOUS : null,
            JobExecutionsRolloutConfig = rollout,
            AbortConfig = abort,
            TimeoutConfig = timeout is null ? null : new() { InProgressTimeoutInMinutes = timeout },
            JobExecutionsRetryConfig = retry,
            SchedulingConfig = schedule,
        });

    protected void UpdateJob(string jobId, Api.UpdateJob.Request request) => Api.UpdateJob.Handle(Test, jobId, null, request);

    protected void CancelJob(string jobId, bool force = false) => Test.CancelJob(jobId, force);

    protected void DeleteJob(string jobId, bool force = false) => Test.DeleteJob(jobId, force);

    protected void Associate(string jobId, string target) => Api.AssociateTargetsWithJob.Handle(Test, jobId, null, new() { Targets = new([target]) });

    protected void CancelExecution(string jobId, string thing, bool force = false) => Test.CancelExecution(jobId, thing, force);

    protected void DeleteExecution(string jobId, string thing) => DeleteJobExecution.Handle(Test, jobId, thing, 1, force: true, null);

    protected static RolloutConfig PerMinute(int maximum) => new() { MaximumPerMinute = maximum };

    protected static RolloutConfig Exponential(int maximum, int @base, double factor, int? notified = null, int? succeeded = null) => new()
    {
        MaximumPerMinute = maximum,
        ExponentialRate = new()
        {
            BaseRatePerMinute = @base,
            IncrementFactor = factor,
            RateIncreaseCriteria = new() { NumberOfNotifiedThings = notified, NumberOfSucceededThings = succeeded },
        },
    };

    protected static AbortConfig AbortWhen(JobExecutionFailureType type, double percentage, int ofAtLeast) => AbortWhen((type, percentage, ofAtLeast));

    protected static AbortConfig AbortWhen(params (JobExecutionFailureType Type, double Percentage, int OfAtLeast)[] criteria) => new()
    {
        CriteriaList = new(criteria.Select(one => new AbortCriteria
        {
            FailureType = one.Type,
            Action = AbortAction.CANCEL,
            ThresholdPercentage = one.Percentage,
            MinNumberOfExecutedThings = one.OfAtLeast,
        })),
    };

    protected static RetryConfig RetryOf(RetryableFailureType type, int number) => RetryOf((type, number));

    protected static RetryConfig RetryOf(params (RetryableFailureType Type, int Number)[] criteria) => new()
    {
        CriteriaList = new(criteria.Select(one => new RetryCriteria { FailureType = one.Type, NumberOfRetries = one.Number })),
    };

    protected static SchedulingConfig Scheduled(string? start = null, string? end = null, JobEndBehavior? behavior = null) => new()
    {
        StartTime = start,
        EndTime = end,
        EndBehavior = behavior,
    };

    /// <summary>Windows of this length that open at the times of a cron expression.</summary>
    protected static SchedulingConfig Windows(string cron, int minutes, string? start = null, string? end = null, JobEndBehavior? behavior = null) =>
        Scheduled(start, end, behavior) with { MaintenanceWindows = new([new() { StartTime = $"cron({cron})", DurationInMinutes = minutes }]) };

    // Devices

    protected void Report(string thing, string jobId, JobExecutionStatus status, long? step = null) => Test.Report(thing, jobId, status, step);

    protected string? StartNext(string thing, long? step = null) =>
        Device.StartNextPendingJobExecution.Handle(Test, thing, new() { StepTimeoutInMinutes = step }).Execution?.JobId;

    /// <summary>What a device sees of its list: <c>IN_PROGRESS: a; QUEUED: b, c</c>.</summary>
    protected string Pending(string thing)
    {
        var answer = Device.GetPendingJobExecutions.Handle(Test, thing);
        return $"IN_PROGRESS: {string.Join(", ", answer.InProgressJobs.Select(one => one.JobId))}; QUEUED: {string.Join(", ", answer.QueuedJobs.Select(one => one.JobId))}";
    }

    // Looking

    protected Job Job(string jobId) => Test.Job(jobId);

    protected Api.JobView View(string jobId) => Api.DescribeJob.Handle(Test, jobId, null).Job;

    /// <summary>How a job stands: <c>IN_PROGRESS: 3 QUEUED, 1 FAILED</c>.</summary>
    protected string Standing(string jobId)
    {
        var job = Job(jobId);
        var counts = Enum.GetValues<JobExecutionStatus>().Where(status => job.Counts.Of(status) > 0).Select(status => $"{job.Counts.Of(status)} {status}");
        return $"{job.Status}: {string.Join(", ", counts)}";
    }

    protected int Queued(string jobId) => Job(jobId).Counts.Queued;

    protected JobExecution Execution(string jobId, string thing) => Test.Execution(jobId, thing);

    /// <summary>The runs of a job on a thing, oldest first, with version and retry attempt: <c>1 FAILED v2, 2 QUEUED v1 retry 1</c>.</summary>
    protected string Runs(string jobId, string thing) => string.Join(", ", Realm.Executions.OfJobOnThing.In((jobId, thing)).Reverse()
        .Select(run => $"{run.ExecutionNumber} {run.Status} v{run.VersionNumber}{(run.RetryAttempt > 0 ? $" retry {run.RetryAttempt}" : "")}"));

    protected void AssertRefused(ServiceError error, string message, Action operation)
    {
        Commit();
        Test.AssertRefused(error, message, () =>
        {
            operation();
            return "";
        });
    }

    // What must hold whenever nothing is due.
    private void AssertSound()
    {
        Assert.False(DueWork.NextDue(World) <= Now, "something is due and not done");
        var executions = Realm.Executions.All.ToLookup(execution => execution.JobId);
        foreach (var job in Realm.Jobs.All)
        {
            Assert.Equal(executions[job.JobId].Aggregate(new JobExecutionCounts(), (counts, execution) => counts.Add(execution.Status, 1)), job.Counts);
            Assert.Equal(executions[job.JobId].Count(execution => execution.IsHidden), job.Hidden);
            Assert.Equal(Realm.WaitingTargets.OfJob.Count(job.JobId), job.Waiting);
            Assert.Equal(Realm.TargetExpansions.OfJob.Count(job.JobId), job.Expanding);
        }
        Assert.DoesNotContain(Realm.Executions.All, execution => execution.TimesOutAt is { } end && (execution.Status != JobExecutionStatus.IN_PROGRESS || end <= Now));
        Assert.DoesNotContain(Realm.Executions.All.Where(execution => !execution.IsTerminal).GroupBy(execution => (execution.JobId, execution.ThingName)), open => open.Count() > 1);
    }
}
