using FsCheck;
using FsCheck.Fluent;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>A step of a script says which row it is about and what becomes of it: it is put, changed or removed, whichever is possible.</summary>
internal sealed record ScriptStep(int Number, int Job, JobExecutionStatus Status, int Minute, bool IsRemoved);

/// <summary>Random scripts of what happens to the table of executions.</summary>
internal static class ExecutionScript
{
    public static readonly Arbitrary<ScriptStep[]> Scripts = Arb.From(
        (from number in Gen.Choose(1, 8)
         from job in Gen.Choose(1, 2)
         from status in Gen.Elements(Enum.GetValues<JobExecutionStatus>())
         from minute in Gen.Choose(0, 3)
         from isRemoved in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
         select new ScriptStep(number, job, status, minute, isRemoved)).ArrayOf(30),
        script => script.Select((_, left) => script.Where((_, index) => index != left).ToArray()));

    public static void Play(Realm realm, ScriptStep[] script)
    {
        foreach (var step in script)
        {
            var key = Row(step.Number, step.Job).Key;
            var timesOutAt = step.Status == IN_PROGRESS ? Start + Minutes(step.Minute) : (Moment?)null;
            if (realm.Executions.Find(key) is null)
                realm.Executions.Put(Row(step.Number, step.Job) with { Ordinal = realm.NextOrdinal(), QueuedAt = Start + Minutes(step.Minute) });
            else if (step.IsRemoved)
                realm.Executions.Remove(key);
            else
                realm.Executions.Change(key, row => row with { Status = step.Status, InProgressTimesOutAt = timesOutAt });
        }
    }

    public static JobExecution Row(int number, int job = 1) => new()
    {
        JobId = $"job-{job}",
        ThingName = $"pump-{number % 3}",
        ExecutionNumber = number,
        Ordinal = number,
        QueuedAt = Start,
        LastUpdatedAt = Start,
    };
}
