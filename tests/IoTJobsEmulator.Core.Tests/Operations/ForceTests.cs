using IoTJobsEmulator.Core.Operations.JobExecutions;

namespace IoTJobsEmulator.Core.Tests.Operations;

/// <summary>What force does, over all states. Source: the developer guide, "Manage jobs"; the API reference.</summary>
public sealed class ForceTests
{
    [Fact]
    public void Force_decides_which_executions_a_cancelled_job_cancels() => AssertTable<JobExecutionStatus>(
        """
        execution    without force  with force
        QUEUED       CANCELED       CANCELED
        IN_PROGRESS  IN_PROGRESS    CANCELED
        SUCCEEDED    SUCCEEDED      SUCCEEDED
        FAILED       FAILED         FAILED
        TIMED_OUT    TIMED_OUT      TIMED_OUT
        REJECTED     REJECTED       REJECTED
        REMOVED      REMOVED        REMOVED
        CANCELED     CANCELED       CANCELED
        """,
        (status, force) =>
        {
            var test = Execution(status);
            test.CancelJob("update-firmware", force);
            Assert.Equal((JobStatus.CANCELED, force), (test.Job("update-firmware").Status, test.Job("update-firmware").ForceCanceled));
            Assert.Equal(force && status != test.Execution("update-firmware", "pump-1").Status, test.Execution("update-firmware", "pump-1").ForceCanceled);
            return $"{test.Execution("update-firmware", "pump-1").Status}";
        });

    [Fact]
    public void A_job_is_cancelled_in_these_states_only() => AssertTable<JobStatus>(
        """
        job                   without force  with force
        IN_PROGRESS           CANCELED       CANCELED
        CANCELED              400            400
        COMPLETED             400            400
        DELETION_IN_PROGRESS  400            400
        SCHEDULED             CANCELED       CANCELED
        """,
        (status, force) => After(status, test => test.CancelJob("update-firmware", force)));

    [Fact]
    public void A_job_is_deleted_in_these_states_only() => AssertTable<JobStatus>(
        """
        job                   without force         with force
        IN_PROGRESS           409                   DELETION_IN_PROGRESS
        CANCELED              DELETION_IN_PROGRESS  DELETION_IN_PROGRESS
        COMPLETED             DELETION_IN_PROGRESS  DELETION_IN_PROGRESS
        DELETION_IN_PROGRESS  409                   409
        SCHEDULED             409                   DELETION_IN_PROGRESS
        """,
        (status, force) => After(status, test => test.DeleteJob("update-firmware", force)));

    [Fact]
    public void An_execution_is_cancelled_in_these_states_only() => AssertTable<JobExecutionStatus>(
        """
        execution    without force  with force
        QUEUED       CANCELED       CANCELED
        IN_PROGRESS  409            CANCELED
        SUCCEEDED    409            409
        FAILED       409            409
        TIMED_OUT    409            409
        REJECTED     409            409
        REMOVED      409            409
        CANCELED     409            409
        """,
        (status, force) => After(status, test => test.CancelExecution("update-firmware", "pump-1", force)));

    /// <summary>The guide allows QUEUED without force, too; the API reference names only terminal states.</summary>
    [Fact]
    public void An_execution_is_deleted_in_these_states_only() => AssertTable<JobExecutionStatus>(
        """
        execution    without force  with force
        QUEUED       409            gone
        IN_PROGRESS  409            gone
        SUCCEEDED    gone           gone
        FAILED       gone           gone
        TIMED_OUT    gone           gone
        REJECTED     gone           gone
        REMOVED      gone           gone
        CANCELED     gone           gone
        """,
        (status, force) => After(status, test => DeleteJobExecution.Handle(test, "update-firmware", "pump-1", 1, force, null)));

    private static string After(JobStatus status, Action<TestRealm> operation)
    {
        var test = new TestRealm();
        test.CreateJobInStatus("update-firmware", status);
        return Outcome(test, operation, () => $"{test.Job("update-firmware").Status}");
    }

    private static string After(JobExecutionStatus status, Action<TestRealm> operation)
    {
        var test = Execution(status);
        return Outcome(test, operation, () => test.Realm.Executions.Find(new("update-firmware", "pump-1", 1)) is { } execution ? $"{execution.Status}" : "gone");
    }

    private static string Outcome(TestRealm test, Action<TestRealm> operation, Func<string> after)
    {
        try
        {
            operation(test);
            return after();
        }
        catch (ServiceException refusal)
        {
            return $"{refusal.Error.Status}";
        }
    }

    private static TestRealm Execution(JobExecutionStatus status)
    {
        var test = new TestRealm();
        test.CreateThings("pump-1", "pump-2");
        test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        test.BringExecutionTo("update-firmware", "pump-1", status);
        return test;
    }

    private static void AssertTable<TStatus>(string table, Func<TStatus, bool, string> outcome) where TStatus : struct, Enum
    {
        var expected = table.Split('\n').Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(expected, Enum.GetValues<TStatus>().Select(status => $"{status} {outcome(status, false)} {outcome(status, true)}"));
    }
}
