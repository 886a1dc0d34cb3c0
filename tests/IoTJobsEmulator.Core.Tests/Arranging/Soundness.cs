namespace IoTJobsEmulator.Core.Tests.Arranging;

internal static class Soundness
{
    /// <summary>Asserts what holds whenever nothing is due: counts are those of the rows, no timer has run out, no thing runs a job twice.</summary>
    public static void AssertSound(this TestRealm test)
    {
        Assert.False(DueWork.NextDue(test.World) <= test.Now, "something is due and not done");
        var realm = test.Realm;
        var executions = realm.Executions.All.ToLookup(execution => execution.JobId);
        foreach (var job in realm.Jobs.All)
        {
            Assert.Equal(executions[job.JobId].Aggregate(new JobExecutionCounts(), (counts, execution) => counts.Add(execution.Status, 1)), job.Counts);
            Assert.Equal(executions[job.JobId].Count(execution => execution.IsHidden), job.HiddenCount);
            Assert.Equal(realm.WaitingTargets.OfJob.Count(job.JobId), job.WaitingCount);
            Assert.Equal(realm.TargetExpansions.OfJob.Count(job.JobId), job.ExpandingCount);
        }
        Assert.DoesNotContain(realm.Executions.All, execution => execution.TimesOutAt is { } end && (execution.Status != JobExecutionStatus.IN_PROGRESS || end <= test.Now));
        Assert.DoesNotContain(realm.Executions.All.Where(execution => !execution.IsTerminal).GroupBy(execution => (execution.JobId, execution.ThingName)), open => open.Count() > 1);
    }
}
