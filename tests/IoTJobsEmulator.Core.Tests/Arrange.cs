using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using Api = IoTJobsEmulator.Core.Operations.Jobs;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests;

/// <summary>Arranging in words: what tests of jobs do again and again, through the operations themselves.</summary>
internal static class Arrange
{
    public const string ArnPrefix = "arn:aws:iot:us-east-1:123456789012";

    public static string ThingArn(string thing) => $"{ArnPrefix}:thing/{thing}";

    public static string GroupArn(string group) => $"{ArnPrefix}:thinggroup/{group}";

    public static string JobArn(string job) => $"{ArnPrefix}:job/{job}";

    public static void CreateThings(this TestRealm test, params string[] things)
    {
        foreach (var thing in things)
            CreateThing.Handle(test, thing, null);
    }

    public static string CreateGroup(this TestRealm test, string group, string? parent = null, params string[] members)
    {
        CreateThingGroup.Handle(test, group, new() { ParentGroupName = parent });
        test.CreateThings(members);
        foreach (var member in members)
            test.Join(member, group);
        return test.Group(group).ThingGroupId;
    }

    /// <summary>A group of <c>NAME-0001</c>, <c>NAME-0002</c>, ...: as many things as are asked for.</summary>
    public static string CreateFleet(this TestRealm test, string group, int size, string? parent = null)
    {
        var id = test.CreateGroup(group, parent);
        foreach (var number in Enumerable.Range(1, size))
        {
            var thing = $"{group}-{number:D4}";
            ((ITable)test.Realm.Things).Load(new Thing { ThingName = thing, ThingId = thing, Ordinal = test.Realm.NextOrdinal() });
            ((ITable)test.Realm.Memberships).Load(new Membership { ThingGroupId = id, ThingName = thing, Ordinal = test.Realm.NextOrdinal() });
        }
        test.Realm.TakeChanges();
        return id;
    }

    public static void Join(this TestRealm test, string thing, string group) =>
        AddThingToThingGroup.Handle(test, new() { ThingName = thing, ThingGroupName = group });

    public static void Leave(this TestRealm test, string thing, string group) =>
        RemoveThingFromThingGroup.Handle(test, new() { ThingName = thing, ThingGroupName = group });

    public static Api.CreateJob.Response CreateJob(
        this TestRealm test,
        string jobId,
        string? thing = null,
        string? group = null,
        string[]? targets = null,
        TargetSelection? selection = null,
        string? namespaceId = null,
        long? timeoutInMinutes = null) => Api.CreateJob.Handle(test, jobId, new()
        {
            Targets = new(targets ?? [thing is null ? GroupArn(group!) : ThingArn(thing)]),
            Document = "{}",
            TargetSelection = selection,
            NamespaceId = namespaceId,
            TimeoutConfig = timeoutInMinutes is null ? null : new() { InProgressTimeoutInMinutes = timeoutInMinutes },
        });

    public static Api.CreateJob.Response CreateContinuousJob(this TestRealm test, string jobId, params string[] groups) =>
        test.CreateJob(jobId, targets: [.. groups.Select(GroupArn)], selection: TargetSelection.CONTINUOUS);

    public static void CancelJob(this TestRealm test, string jobId, bool force = false) => Api.CancelJob.Handle(test, jobId, force, null);

    public static void DeleteJob(this TestRealm test, string jobId, bool force = false) => Api.DeleteJob.Handle(test, jobId, force, null);

    public static void CancelExecution(this TestRealm test, string jobId, string thing, bool force = false) =>
        CancelJobExecution.Handle(test, jobId, thing, force, null);

    public static Device.UpdateJobExecution.Response Report(this TestRealm test, string thing, string jobId, JobExecutionStatus status, long? stepTimeoutInMinutes = null) =>
        Device.UpdateJobExecution.Handle(test, thing, jobId, new() { Status = status, StepTimeoutInMinutes = stepTimeoutInMinutes });

    /// <summary>Brings the execution of a thing to any status, by whatever way leads there.</summary>
    public static void Bring(this TestRealm test, string jobId, string thing, JobExecutionStatus status)
    {
        switch (status)
        {
            case JobExecutionStatus.QUEUED:
                break;
            case JobExecutionStatus.CANCELED:
                test.CancelExecution(jobId, thing);
                break;
            case JobExecutionStatus.REMOVED:
                DeleteThing.Handle(test, thing, null);
                test.CreateThings(thing);
                break;
            case JobExecutionStatus.TIMED_OUT:
                test.Report(thing, jobId, JobExecutionStatus.IN_PROGRESS, stepTimeoutInMinutes: 1);
                test.Pass(TimeSpan.FromMinutes(1));
                ExecutionSettlement.SettleAndFindLatest(test, jobId, thing);
                break;
            default:
                test.Report(thing, jobId, status);
                break;
        }
        Assert.Equal(status, test.Execution(jobId, thing).Status);
    }

    /// <summary>Brings a job with one target, pump-1, to any status.</summary>
    public static void BringJob(this TestRealm test, string jobId, JobStatus status)
    {
        test.CreateThings("pump-1");
        test.CreateJob(jobId, thing: "pump-1");
        switch (status)
        {
            case JobStatus.SCHEDULED:
                test.Realm.Jobs.Change(jobId, job => job with { Status = JobStatus.SCHEDULED });
                break;
            case JobStatus.COMPLETED:
                test.Report("pump-1", jobId, JobExecutionStatus.SUCCEEDED);
                break;
            case JobStatus.CANCELED:
                test.CancelJob(jobId);
                break;
            case JobStatus.DELETION_IN_PROGRESS:
                test.DeleteJob(jobId, force: true);
                break;
            default:
                break;
        }
        Assert.Equal(status, test.Job(jobId).Status);
        test.Realm.TakeChanges();
    }

    public static Job Job(this TestRealm test, string jobId) => test.Realm.Jobs.Find(jobId)!;

    public static ThingGroup Group(this TestRealm test, string group) => test.Realm.ThingGroups.Named.First(group)!;

    /// <summary>The newest run of a job on a thing as its row stands, or that of a number.</summary>
    public static JobExecution Execution(this TestRealm test, string jobId, string thing, long? number = null) => number is null
        ? test.Realm.Executions.OfJobOnThing.First((jobId, thing))!
        : test.Realm.Executions.Find(new(jobId, thing, number.Value))!;

    /// <summary>Each run of a job on a thing, oldest first: <c>1 REMOVED v1, 2 QUEUED v1</c>.</summary>
    public static string Runs(this TestRealm test, string jobId, string thing) => string.Join(", ", test.Realm.Executions.OfJobOnThing
        .In((jobId, thing)).Reverse().Select(execution => $"{execution.ExecutionNumber} {execution.Status} v{execution.VersionNumber}"));

    /// <summary>What a device sees: its pending list, settled.</summary>
    public static IEnumerable<string> Pending(this TestRealm test, string thing, string? namespaceId = null) =>
        ExecutionSettlement.SettleAndListPending(test, thing, namespaceId).Select(execution => execution.JobId).ToList();

    /// <summary>A turn of due work; answers how many rows it changed, or null when nothing was due.</summary>
    public static int? Step(this TestRealm test)
    {
        test.Realm.TakeChanges();
        return DueWork.Step(test.World) is null ? null : test.Realm.TakeChanges().Count;
    }

    /// <summary>Due work until nothing is due; answers how many rows each turn changed.</summary>
    public static List<int> DoDueWork(this TestRealm test)
    {
        List<int> turns = [];
        while (test.Step() is { } changes)
        {
            turns.Add(changes);
            Assert.True(turns.Count < 1000, "due work does not come to an end");
        }
        Assert.False(DueWork.NextDue(test.World) <= test.World.Now, "something is due and not done");
        return turns;
    }
}
