using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Ends executions whose timer has run out: those that fell due at one moment together, as many a turn as make
/// <see cref="DueWork.ChangesPerTurn"/> changes with their retries.
/// </summary>
public static class Timeouts
{
    /// <summary>The earliest end of a timer.</summary>
    public static Moment? DueAt(Realm realm) => realm.Executions.Due.First?.TimesOutAt;

    /// <summary>Ends the executions that are due at the earliest moment, job by job.</summary>
    public static void Step(Realm realm, int budget)
    {
        var moment = DueAt(realm);
        var overdue = realm.Executions.Due.Rows.TakeWhile(execution => execution.TimesOutAt == moment).Take(budget).ToList();
        foreach (var ofJob in overdue.GroupBy(execution => execution.JobId))
        {
            // What follows for a job (retries, an abort) may be as much again: the jobs after it come next turn.
            if (realm.Changes.Count >= budget)
                return;
            var job = realm.Jobs.Find(ofJob.Key)!;
            // One that is retried is two changes: it ends, and the next run is queued.
            var ended = job.RetryConfig is null ? ofJob : ofJob.Take(DueWork.PairsIn(budget));
            Consequences.Apply(realm, ofJob.Key, [.. ended.Select(execution => realm.Executions.Change(execution.Key, row => ExecutionSettlement.SettledRowOf(realm, job, row)))]);
        }
    }
}
