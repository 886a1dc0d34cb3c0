using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.Tests.Lifecycle.Histories;

/// <summary>
/// A realm's history: steps, each a turn. It is checked after each of them, and shrunk by leaving steps out, so that what fails can
/// be read aloud.
/// </summary>
internal static class History
{
    /// <summary>What a turn did: the rows of executions before and after, and the list of changes.</summary>
    public sealed record Turn(TestRealm Test, IReadOnlyDictionary<JobExecutionKey, JobExecution> Before, IReadOnlyList<Change> Changes)
    {
        public IEnumerable<JobExecution> After => Test.Realm.Executions.All;
    }

    private static readonly string[] Things = ["pump-1", "pump-2"];
    private static readonly string[] Groups = ["site", "hall", "yard"];
    private static readonly string[] Jobs = ["update-firmware", "rotate-keys", "reboot"];
    private static readonly string[] Targets = [ThingArn("pump-1"), .. Groups.Select(GroupArn)];

    private static readonly OutcomeWeights[] Outcomes = [new() { Succeeded = 1 }, new() { Failed = 1, Silent = 1 }, new() { Succeeded = 2, Rejected = 1 }];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Elements(values);

    private static readonly Gen<bool> YesOrNo = OneOf(true, false);

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (1, from thing in OneOf(Things) select (Step)new ThingIsCreated(thing)),
        (1, from thing in OneOf(Things) select (Step)new ThingIsDeleted(thing)),
        (1, from @group in OneOf(("site", null), ("hall", "site"), ("yard", (string?)null)) select (Step)new GroupIsCreated(@group.Item1, @group.Item2)),
        (1, from @group in OneOf(Groups) select (Step)new GroupIsDeleted(@group)),
        (3, from thing in OneOf(Things) from @group in OneOf(Groups) select (Step)new ThingJoins(thing, @group)),
        (3, from thing in OneOf(Things) from @group in OneOf(Groups) select (Step)new ThingLeaves(thing, @group)),
        (4, from job in OneOf(Jobs)
            from targets in Gen.SubListOf(Targets).Where(some => some.Count > 0)
            from isContinuous in YesOrNo
            from namespaceId in OneOf(null, null, "fleet")
            from timeout in OneOf<long?>(null, 5)
            select (Step)new JobIsCreated(job, new(Enumerable.Reverse(targets)), isContinuous, namespaceId, timeout)),
        (2, from job in OneOf(Jobs) from target in OneOf(Targets) select (Step)new TargetIsAssociated(job, target)),
        (1, from job in OneOf(Jobs) from timeout in OneOf(1L, 10L) select (Step)new JobIsUpdated(job, timeout)),
        (2, from job in OneOf(Jobs) from force in YesOrNo select (Step)new JobIsCanceled(job, force)),
        (2, from job in OneOf(Jobs) from force in YesOrNo select (Step)new JobIsDeleted(job, force)),
        (2, from job in OneOf(Jobs) from thing in OneOf(Things) from force in YesOrNo select (Step)new ExecutionIsCanceled(job, thing, force)),
        (2, from job in OneOf(Jobs)
            from thing in OneOf(Things)
            from number in OneOf(1L, 2L)
            from force in YesOrNo
            select (Step)new ExecutionIsDeleted(job, thing, number, force)),
        (1, from job in OneOf(Jobs) from thing in OneOf(Things) select (Step)new ExecutionIsDescribed(job, thing)),
        (3, from thing in OneOf(Things) from timeout in OneOf<long?>(null, 2) select (Step)new DeviceStartsNext(thing, timeout)),
        (1, from thing in OneOf(Things) select (Step)new DeviceLooks(thing)),
        (8, from thing in OneOf(Things)
            from job in OneOf(Jobs)
            from status in OneOf(Enum.GetValues<JobExecutionStatus>().Append(JobExecutionStatus.IN_PROGRESS).ToArray())
            from isVersionRight in OneOf<bool?>(null, true, false)
            from timeout in OneOf<long?>(null, null, 2, -1)
            select (Step)new DeviceReports(thing, job, status, isVersionRight, timeout)),
        (2, from name in OneOf("one", "two")
            from things in OneOf("pump-1", "pump-*", "*")
            from namespaceId in OneOf(null, null, "fleet")
            from outcomes in OneOf(Outcomes)
            from minutes in Gen.Choose(0, 3)
            from reports in Gen.Choose(0, 1)
            select (Step)new SimulatorIsPut(name, things, namespaceId, new()
            {
                PicksUp = 1000,
                TakesFrom = minutes * 60_000,
                TakesTo = minutes * 60_000,
                Outcomes = outcomes,
                Progress = new(Enumerable.Repeat(new ProgressReport(50, null), reports)),
            })),
        (1, from name in OneOf("one", "two") select (Step)new SimulatorIsDeleted(name)),
        (2, from minutes in OneOf(-3, 1, 2, 6) select (Step)new MinutesPass(minutes)),
        (3, Gen.Constant<Step>(new DueWorkIsDone())));

    private static readonly Arbitrary<Step[]> Histories = Arb.From(
        from length in Gen.Choose(1, 40) from steps in AnyStep.ArrayOf(length) select steps,
        steps => steps.Select((_, left) => steps.Where((_, index) => index != left).ToArray()));

    /// <summary>
    /// Checks after each turn of many histories. <paramref name="fleet"/> things are in the hall, which is in the site, before pump-1
    /// and pump-2: if they are a thousand, these two are left to due work by whatever touches the fleet.
    /// </summary>
    public static void Check(Action<Turn> check, Action<TestRealm>? atTheEnd = null, int fleet = 0, int histories = 200)
    {
        Prop.ForAll(Histories, steps =>
        {
            var test = Begin(fleet);
            foreach (var step in steps)
                Take(test, step, check);
            atTheEnd?.Invoke(test);
        }).Check(RandomInputs.Config(histories));
    }

    private static TestRealm Begin(int fleet)
    {
        var test = new TestRealm();
        test.RollOutAtOnce();
        test.World.Settings = test.World.Settings with { DeletionDuration = TimeSpan.FromMinutes(2) };
        test.CreateGroup("site");
        test.CreateFleet("hall", fleet, parent: "site");
        test.CreateGroup("yard");
        test.CreateThings(Things);
        test.Join("pump-1", "hall");
        test.Join("pump-2", "hall");
        test.Commit();
        return test;
    }

    private static void Take(TestRealm test, Step step, Action<Turn> check)
    {
        var before = test.Realm.Executions.All.ToDictionary(execution => execution.Key);
        try
        {
            step.Take(test);
        }
        catch (ServiceException)
        {
            test.Realm.Undo();
        }
        check(new(test, before, [.. test.Realm.Changes]));
        test.Commit();
    }
}
