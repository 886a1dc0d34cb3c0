using FsCheck;
using FsCheck.Fluent;

namespace IoTJobsEmulator.Tests.Model;

/// <summary>Random histories. They are shrunk by leaving steps out, so that what fails can be read aloud.</summary>
internal static class Histories
{
    public static readonly string[] Things = ["pump-1", "pump-2", "pump-3", "pump-4"];
    public static readonly string[] Jobs = ["reboot", "rotate-keys", "tidy", "update-firmware"];

    private static readonly string[] Groups = ["site", "hall", "yard"];
    private static readonly string[] Statuses = ["IN_PROGRESS", "SUCCEEDED", "FAILED", "FAILED", "REJECTED", "QUEUED", "CANCELED"];

    // Most histories are about few jobs and things, so that their steps meet.
    private static readonly Gen<string> Thing = Gen.Frequency((4, Gen.Elements("pump-1", "pump-2")), (1, Gen.Elements(Things)));
    private static readonly Gen<string> Job = Gen.Frequency((5, Gen.Elements("reboot", "update-firmware")), (1, Gen.Elements(Jobs)));
    private static readonly Gen<string> Group = Gen.Elements(Groups);
    private static readonly Gen<bool> Flag = Gen.Elements(true, false);
    private static readonly Gen<int?> VersionOff = Gen.Elements<int?>(null, null, 0, 0, 1);
    private static readonly Gen<int?> StepTimeout = Gen.Elements<int?>(null, null, null, 2, 7, -1);

    private static readonly Gen<Step.Names> Targets =
        from targets in Gen.Shuffle((string[])[.. Groups, .. Groups, .. Things])
        from count in Gen.Choose(1, 4)
        select new Step.Names([.. targets.Take(count).Distinct()]);

    private static readonly Gen<Rate?> AnyRate = Gen.Elements<Rate?>(
        null, new(1), new(1), new(2), new(4, Base: 1, NotifiedThings: 1), new(3, Base: 1, SucceededThings: 1));

    private static readonly Gen<Abort?> AnyAbort = Gen.Elements<Abort?>(
        null, null, null, new("FAILED", 1, 50), new("ALL", 2, 60), new("TIMED_OUT", 1, 100), new("REJECTED", 2, 50));

    private static readonly Gen<IReadOnlyList<Retry>> Retries = Gen.Elements<IReadOnlyList<Retry>>(
        [], [], [new("ALL", 2)], [new("FAILED", 1)], [new("TIMED_OUT", 1), new("FAILED", 2)], [new("TIMED_OUT", 2)]);

    private static readonly Gen<int?> Timeout = Gen.Elements<int?>(null, 3, 5, 60);

    private static readonly Gen<Times?> AnyTimes = Gen.Elements<Times?>(
        null, null, null, null, null, new(Start: 30), new(End: 30), new(End: 30, Behavior: "CANCEL"), new(End: 31, Behavior: "FORCE_CANCEL"),
        new(End: 32, Behavior: "STOP_ROLLOUT"), new(40, 90, "CANCEL"));

    private static readonly Gen<Window?> AnyWindow = Gen.Elements<Window?>(null, null, null, new(12, 10), new(13, 60), new(3, 1430));

    private static readonly Gen<JobConfig> Config =
        from rate in AnyRate
        from abort in AnyAbort
        from retries in Retries
        from timeout in Timeout
        from times in AnyTimes
        select new JobConfig { Rate = rate, Abort = abort, Retries = retries, TimeoutInMinutes = timeout, Times = times };

    private static readonly Gen<JobConfig> Update = Gen.OneOf(
        from rate in AnyRate.Where(rate => rate is not null) select new JobConfig { Rate = rate },
        from timeout in Timeout.Where(timeout => timeout is not null) select new JobConfig { TimeoutInMinutes = timeout },
        from retries in Retries.Where(retries => retries.Count > 0) select new JobConfig { Retries = [.. retries.Select(retry => retry with { Number = 0 })] });

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (8, from job in Job
            from targets in Targets
            from isContinuous in Flag
            from config in Config
            from window in AnyWindow
            select (Step)new CreateJob(job, targets, isContinuous, config with { Window = isContinuous ? window : null })),
        (2, from job in Job from force in Flag select (Step)new CancelJob(job, force)),
        (3, from job in Job from force in Flag select (Step)new DeleteJob(job, force)),
        (2, from job in Job from thing in Thing from force in Flag from off in VersionOff select (Step)new CancelExecution(job, thing, force, off)),
        (2, from job in Job from thing in Thing from number in Gen.Choose(1, 3) from force in Flag select (Step)new DeleteExecution(job, thing, number, force)),
        (8, from thing in Thing from timeout in StepTimeout select (Step)new StartNext(thing, timeout)),
        (14, from thing in Thing from job in Job from status in Gen.Elements(Statuses) from off in VersionOff from timeout in StepTimeout select (Step)new Report(thing, job, status, off, timeout)),
        (3, from thing in Thing from @group in Group select (Step)new Join(thing, @group)),
        (3, from thing in Thing from @group in Group select (Step)new Leave(thing, @group)),
        (1, from thing in Thing select (Step)new DeleteThing(thing)),
        (1, from thing in Thing select (Step)new CreateThing(thing)),
        (2, from thing in Thing from @group in Group select (Step)new ReplaceThing(thing, @group)),
        (3, from thing in Thing from @group in Group from job in Job select (Step)new FailOutside(thing, @group, job)),
        (2, from job in Job from targets in Targets select (Step)new AssociateTargets(job, targets)),
        (2, from job in Job from update in Update select (Step)new UpdateJob(job, update)),
        (10, from minutes in Gen.Elements(1, 1, 1, 2, 3, 5, 10, 30, 60, 24 * 60) select (Step)new MinutesPass(minutes)),
        (1, from minutes in Gen.Elements(0, 3, 45) select (Step)new Restart(minutes)));

    public static readonly Arbitrary<Step[]> Any = Arb.From(
        from length in Gen.Choose(10, 50) from steps in AnyStep.ArrayOf(length) select steps,
        Shorter);

    // By halves, quarters … first, because each attempt takes its time.
    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        for (var length = steps.Length / 2; length > 0; length /= 2)
        {
            for (var from = 0; from < steps.Length; from += length)
                yield return [.. steps[..from], .. steps[Math.Min(from + length, steps.Length)..]];
        }
    }
}
