using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Simulators;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Lifecycle.Histories;

/// <summary>One turn of a history. Whether it is refused does not matter: then it is undone, as by the emulator.</summary>
internal abstract record Step
{
    public abstract void Take(TestRealm test);
}

internal sealed record ThingIsCreated(string Thing) : Step
{
    public override void Take(TestRealm test) => test.CreateThings(Thing);
}

internal sealed record ThingIsDeleted(string Thing) : Step
{
    public override void Take(TestRealm test) => test.DeleteThing(Thing);
}

internal sealed record GroupIsCreated(string Group, string? Parent) : Step
{
    public override void Take(TestRealm test) => test.CreateGroup(Group, Parent);
}

internal sealed record GroupIsDeleted(string Group) : Step
{
    public override void Take(TestRealm test) => test.DeleteGroup(Group);
}

internal sealed record ThingJoins(string Thing, string Group) : Step
{
    public override void Take(TestRealm test) => test.Join(Thing, Group);
}

internal sealed record ThingLeaves(string Thing, string Group) : Step
{
    public override void Take(TestRealm test) => test.Leave(Thing, Group);
}

internal sealed record JobIsCreated(string Job, ValueList<string> Targets, bool IsContinuous, string? NamespaceId, long? TimeoutInMinutes) : Step
{
    public override void Take(TestRealm test) => test.CreateJob(
        Job, targets: [.. Targets], isContinuous: IsContinuous, namespaceId: NamespaceId, timeoutInMinutes: TimeoutInMinutes);
}

internal sealed record TargetIsAssociated(string Job, string Target) : Step
{
    public override void Take(TestRealm test) => test.Associate(Job, Target);
}

internal sealed record JobIsUpdated(string Job, long TimeoutInMinutes) : Step
{
    public override void Take(TestRealm test) => test.UpdateJob(Job, new() { TimeoutConfig = Timeout(TimeoutInMinutes) });
}

internal sealed record JobIsCanceled(string Job, bool Force) : Step
{
    public override void Take(TestRealm test) => test.CancelJob(Job, Force);
}

internal sealed record JobIsDeleted(string Job, bool Force) : Step
{
    public override void Take(TestRealm test) => test.DeleteJob(Job, Force);
}

internal sealed record ExecutionIsCanceled(string Job, string Thing, bool Force) : Step
{
    public override void Take(TestRealm test) => test.CancelExecution(Job, Thing, Force);
}

internal sealed record ExecutionIsDeleted(string Job, string Thing, long Number, bool Force) : Step
{
    public override void Take(TestRealm test) => DeleteJobExecution.Handle(test, Job, Thing, Number, Force, null);
}

internal sealed record ExecutionIsDescribed(string Job, string Thing) : Step
{
    public override void Take(TestRealm test) => DescribeJobExecution.Handle(test, Job, Thing, null);
}

internal sealed record DeviceStartsNext(string Thing, long? StepTimeoutInMinutes) : Step
{
    public override void Take(TestRealm test) => test.StartNext(Thing, StepTimeoutInMinutes);
}

internal sealed record DeviceLooks(string Thing) : Step
{
    public override void Take(TestRealm test) => Device.GetPendingJobExecutions.Handle(test, Thing);
}

/// <summary>With the version that the row has, with another, or with none.</summary>
internal sealed record DeviceReports(string Thing, string Job, JobExecutionStatus Status, bool? IsVersionRight, long? StepTimeoutInMinutes) : Step
{
    public override void Take(TestRealm test)
    {
        var version = test.Realm.Executions.LatestRun(Job, Thing)?.VersionNumber ?? 1;
        Device.UpdateJobExecution.Handle(test, Thing, Job, new()
        {
            Status = Status,
            ExpectedVersion = IsVersionRight switch { null => null, true => version, false => version + 1 },
            StepTimeoutInMinutes = StepTimeoutInMinutes,
        });
    }
}

internal sealed record SimulatorIsPut(string Name, string Things, string? NamespaceId, SimulatedBehavior Behavior) : Step
{
    public override void Take(TestRealm test) => SimulatorChanges.Put(
        test, new() { Ordinal = 0, Name = Name, Things = Things, NamespaceId = NamespaceId, Behavior = Behavior });
}

internal sealed record SimulatorIsDeleted(string Name) : Step
{
    public override void Take(TestRealm test)
    {
        if (test.Realm.Simulators.Named(Name) is { } simulator)
            SimulatorChanges.Delete(test, simulator);
    }
}

/// <summary>Forwards, or backwards where somebody sets the clock.</summary>
internal sealed record MinutesPass(int Minutes) : Step
{
    public override void Take(TestRealm test) => test.Jump(TimeSpan.FromMinutes(Minutes));
}

internal sealed record DueWorkIsDone : Step
{
    public override void Take(TestRealm test) => DueWork.Step(test.World);
}
