using IoTJobsEmulator.Core.Tests.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle.Histories;

/// <summary>What holds after every turn of any history.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void A_terminal_status_is_final() => History.Check(turn =>
    {
        foreach (var execution in Survivors(turn).Where(execution => execution.Before.IsTerminal))
            Assert.Equal(execution.Before, execution.After);
    });

    [Fact]
    public void The_version_grows_by_one_with_each_accepted_change_and_never_otherwise() => History.Check(turn =>
    {
        foreach (var change in turn.Changes.OfType<Change<JobExecution>>())
        {
            if (change.Before is null)
                Assert.Equal(1, change.After!.VersionNumber);
            else if (change.After is not null)
                Assert.Equal(change.Before.VersionNumber + (change.After.Status == REMOVED ? 0 : 1), change.After.VersionNumber);
        }
    });

    [Fact]
    public void Only_an_execution_in_progress_has_a_running_timer() => History.Check(turn =>
        Assert.All(turn.After, execution => Assert.True(execution.TimesOutAt is null || execution.Status == IN_PROGRESS, $"{execution}")));

    [Fact]
    public void The_counts_of_a_job_are_those_of_its_rows() => History.Check(AssertCountsAreThoseOfRows);

    [Fact]
    public void What_a_rollout_has_before_it_is_counted_on_the_job() => History.Check(AssertRolloutIsCounted, fleet: 1000, histories: 20);

    [Fact]
    public void Next_is_the_head_of_the_pending_list() => History.Check(turn =>
    {
        foreach (var device in turn.After.Select(execution => (execution.ThingName, execution.NamespaceId)).Distinct().ToList())
        {
            // What is looked at is settled first, which changes rows: so the rows are read afterwards.
            var (next, pending) = (ExecutionSettlement.SettleAndFindNext(turn.Test, device.ThingName, device.NamespaceId), ExecutionSettlement.SettleAndListPending(turn.Test, device.ThingName, device.NamespaceId).ToList());
            Assert.Equal(pending.FirstOrDefault(), next);
            var open = turn.After.Where(execution => (execution.ThingName, execution.NamespaceId) == device && !execution.IsTerminal && !IsBeingDeleted(turn, execution));
            Assert.Equal(open.OrderByDescending(execution => execution.Status).ThenBy(execution => execution.QueuedAt).ThenBy(execution => execution.Ordinal), pending);
        }
    });

    [Fact]
    public void Two_executions_of_one_job_and_thing_are_never_open_together() => History.Check(AssertOneIsOpen);

    [Fact]
    public void Execution_numbers_follow_one_another() => History.Check(turn =>
    {
        foreach (var change in turn.Changes.OfType<Change<JobExecution>>().Where(change => change.Before is null))
        {
            var others = turn.Before.Values.Where(row => row.JobId == change.After!.JobId && row.ThingName == change.After.ThingName).ToList();
            Assert.Equal(others.Select(row => row.ExecutionNumber).DefaultIfEmpty(0).Max() + 1, change.After!.ExecutionNumber);
        }
    });

    [Fact]
    public void The_Ordinal_of_a_row_stays_and_no_other_row_of_its_table_has_it() => History.Check(turn =>
    {
        foreach (var change in turn.Changes.Where(change => change.RowBefore is not null && change.RowAfter is not null))
            Assert.Equal(OrdinalOf(change.RowBefore!), OrdinalOf(change.RowAfter!));
        foreach (var table in turn.Test.Realm.Tables)
            Assert.Distinct(table.Rows.Select(OrdinalOf).Where(ordinal => ordinal is not null));
    });

    [Fact]
    public void After_all_due_work_no_job_has_work() => History.Check(_ => { }, AssertNothingIsOwedInTheEnd);

    [Fact]
    public void A_snapshot_job_is_completed_in_the_turn_that_leaves_nothing_open() => History.Check(turn =>
        Assert.DoesNotContain(turn.Test.Realm.Jobs.All, job => job is { Status: JobStatus.IN_PROGRESS, TargetSelection: TargetSelection.SNAPSHOT, IsRollingOut: false, Counts.Open: 0 }));

    [Fact]
    public void A_finished_job_is_never_in_progress_again() => History.Check(turn =>
    {
        foreach (var change in turn.Changes.OfType<Change<Job>>())
        {
            if (change.Before is { IsTerminal: true, Status: var before } && change.After is { Status: var after })
                Assert.True(after == before || after == JobStatus.DELETION_IN_PROGRESS, $"{before} -> {after}");
            if (change.Before is { Status: JobStatus.DELETION_IN_PROGRESS })
                Assert.True(change.After is null or { Status: JobStatus.DELETION_IN_PROGRESS });
        }
    });

    [Fact]
    public void Devices_are_notified_exactly_when_their_list_or_its_head_changed() => History.Check(AssertNotifications);

    [Fact]
    public void Where_nothing_is_unsettled_each_execution_is() => History.Check(AssertAllAreSettled);

    [Fact]
    public void Simulated_devices_are_at_work_exactly_where_something_waits_for_them() => History.Check(turn =>
    {
        // A minute of emulated time follows each step, so that devices take and report.
        turn.Test.Advance(Minutes(1));
        AssertDevicesAreAtWork(turn.Test);
    });

    [Fact]
    public void Indexes_follow_the_rows() => History.Check(_ => { }, test => WorldView.AssertIndexesFollowRows(test));

    [Fact]
    public void A_world_is_restored_to_any_of_its_moments()
    {
        const int TurnsBetween = 5;
        List<(TestRealm Test, WorldRows Rows, Dictionary<(string, object?), List<object>> View)> moments = [];
        var turns = 0;
        History.Check(
            turn =>
            {
                if (turns++ % TurnsBetween == 0)
                    moments.Add((turn.Test, new(turn.Test.World), WorldView.Of(turn.Test)));
            },
            test =>
            {
                foreach (var (_, rows, view) in Enumerable.Reverse(moments).Concat(moments).Where(moment => moment.Test == test))
                {
                    test.World.Exchange(rows.ToWorld());
                    WorldView.AssertSame(view, WorldView.Of(test));
                    WorldView.AssertIndexesFollowRows(test);
                }
                moments.Clear();
            });
    }

    [Fact]
    public void Everything_holds_for_what_is_left_to_due_work() => History.Check(
        turn =>
        {
            AssertCountsAreThoseOfRows(turn);
            AssertOneIsOpen(turn);
            AssertNotifications(turn);
            AssertAllAreSettled(turn);
        },
        test =>
        {
            WorldView.AssertIndexesFollowRows(test);
            AssertNothingIsOwedInTheEnd(test);
        },
        fleet: 1000,
        histories: 20);

    private static IEnumerable<(JobExecution Before, JobExecution After)> Survivors(History.Turn turn) =>
        from after in turn.After
        where turn.Before.ContainsKey(after.Key)
        let before = turn.Before[after.Key]
        where before.Ordinal == after.Ordinal
        select (before, after);

    private static bool IsBeingDeleted(History.Turn turn, JobExecution execution) => turn.Test.Job(execution.JobId).Status == JobStatus.DELETION_IN_PROGRESS;

    private static void AssertCountsAreThoseOfRows(History.Turn turn)
    {
        var rows = turn.After.ToLookup(execution => execution.JobId);
        foreach (var job in turn.Test.Realm.Jobs.All)
        {
            var counted = rows[job.JobId].CountBy(execution => execution.Status).Aggregate(new JobExecutionCounts(), (counts, status) => counts.Add(status.Key, status.Value));
            Assert.Equal(counted, job.Counts);
        }
        Assert.All(rows, ofJob => Assert.NotNull(turn.Test.Realm.Jobs.Find(ofJob.Key)));
    }

    private static void AssertRolloutIsCounted(History.Turn turn)
    {
        foreach (var job in turn.Test.Realm.Jobs.All)
        {
            Assert.Equal(turn.Test.Realm.TargetExpansions.All.Count(expansion => expansion.JobId == job.JobId), job.ExpandingCount);
            Assert.Equal(turn.Test.Realm.WaitingTargets.All.Count(waiting => waiting.JobId == job.JobId), job.WaitingCount);
        }
    }

    private static void AssertOneIsOpen(History.Turn turn)
    {
        var open = turn.After.Where(execution => !execution.IsTerminal).Select(execution => (execution.JobId, execution.ThingName)).ToList();
        Assert.Equal(open.Count, open.Distinct().Count());
    }

    private static void AssertNothingIsOwedInTheEnd(TestRealm test)
    {
        test.DoDueWork();
        Assert.DoesNotContain(test.Realm.Jobs.All, job => job.HasWork);
        Assert.Equal((0, 0, 0), (test.Realm.TargetExpansions.Count, test.Realm.WaitingTargets.Count, test.Realm.DeletedThings.Count));
        Assert.DoesNotContain(test.Realm.ThingGroups.All, group => group.IsDeleted);
        Assert.All(test.Realm.Memberships.All, membership =>
        {
            Assert.NotNull(test.Realm.Things.Find(membership.ThingName));
            Assert.NotNull(test.Realm.ThingGroups.Find(membership.ThingGroupId));
        });
        Assert.All(test.Realm.Executions.All.Where(execution => !execution.IsTerminal), execution => Assert.NotNull(test.Realm.Things.Find(execution.ThingName)));

        foreach (var simulator in test.Realm.Simulators.All.ToList())
            SimulatorChanges.Delete(test, simulator);
        test.Jump(TimeSpan.FromDays(1));
        test.DoDueWork();
        Assert.Equal((0, 0), (test.Realm.Simulators.Count, test.Realm.SimulatedDevices.Count));
        Assert.DoesNotContain(test.Realm.Jobs.All, job => job.Status == JobStatus.DELETION_IN_PROGRESS);
        Assert.Equal(test.Realm.Jobs.Count, test.Realm.JobDocuments.Count);
        Assert.Null(DueWork.NextDue(test.World));
    }

    private static void AssertDevicesAreAtWork(TestRealm test)
    {
        foreach (var thing in test.Realm.Things.All.Select(thing => thing.ThingName).Union(test.Realm.SimulatedDevices.All.Select(device => device.ThingName)))
        {
            var (simulator, device) = (test.Realm.Simulators.Of(thing), test.Realm.SimulatedDevices.Find(thing));
            if (device is null)
            {
                Assert.False(simulator is not null && test.Realm.Executions.Pending.Any(new(thing, simulator.NamespaceId)), $"the device of {thing} is forgotten");
                continue;
            }
            // That of a deleted thing goes when it would have called.
            Assert.True(device.SimulatorOrdinal == simulator?.Ordinal || test.Realm.Things.Find(thing) is null);
            // One that is silent holds the thing until somebody else ends the execution.
            Assert.True(
                device.ActsAt > test.Now || test.Realm.Executions.Find(new(device.JobId!, thing, device.ExecutionNumber)) is { IsTerminal: false },
                $"the device of {thing} waits for nothing");
        }
        Assert.All(test.Realm.Simulators.All, simulator => Assert.False(simulator.IsDeleted));
    }

    private static void AssertAllAreSettled(History.Turn turn)
    {
        var realm = turn.Test.Realm;
        if (ExecutionSettlement.IsNothingUnsettled(realm))
            Assert.All(realm.Executions.All, execution => Assert.Same(execution, ExecutionSettlement.SettledRowOf(realm, realm.Jobs.Find(execution.JobId)!, execution)));
    }

    private static void AssertNotifications(History.Turn turn)
    {
        var announced = Announcements.Of(turn.Test, turn.Changes);
        var (before, after) = (Lists(turn.Before.Values), Lists(turn.After));
        var devices = before.Select(list => list.Key).Union(after.Select(list => list.Key)).ToList();
        var changed = devices.Where(device => !before[device].Select(row => row.Key).ToHashSet().SetEquals(after[device].Select(row => row.Key)))
            .Select(device => new PendingExecutionsChanged(device.ThingName, device.NamespaceId, new(after[device].Where(IsNotOwedItsEnd).Take(10)))
            {
                JobIds = device.NamespaceId is null ? [] : new(CameOrWent(device).Select(key => key.JobId).Distinct().Order()),
            });
        var (ofThingBefore, ofThing) = (Things(turn.Before.Values), Things(turn.After));
        var heads = devices.Where(device => device.NamespaceId is null ? HasAnotherHead(device) : IsHeadOfThing(device) && (HasAnotherHead(device) || HasComeToFront(device)))
            .Select(device => (device.ThingName, device.NamespaceId, Next: after[device].FirstOrDefault(IsNotOwedItsEnd)))
            .Select(told => (told.ThingName, told.NamespaceId, told.Next, told.Next is { } head ? turn.Test.Realm.JobDocuments.Find(head.JobId) : null));

        Assert.Equal(changed.ToHashSet(), announced.OfType<PendingExecutionsChanged>().ToHashSet());
        Assert.Equal(
            heads.ToHashSet(),
            announced.OfType<NextExecutionChanged>().Select(next => (next.ThingName, next.NamespaceId, next.Next, next.Document)).ToHashSet());
        Assert.Equal(announced.Distinct().Count(), announced.Count);

        IEnumerable<JobExecutionKey> CameOrWent((string ThingName, string? NamespaceId) device)
        {
            var keys = before[device].Select(row => row.Key).ToHashSet();
            keys.SymmetricExceptWith(after[device].Select(row => row.Key));
            return keys;
        }

        bool HasAnotherHead((string ThingName, string? NamespaceId) device) => before[device].FirstOrDefault()?.Key != after[device].FirstOrDefault()?.Key;

        bool HasComeToFront((string ThingName, string? NamespaceId) device) =>
            after[device].FirstOrDefault() is { } head && ofThingBefore[device.ThingName].FirstOrDefault()?.Key != head.Key;

        // As the rows stand, and as they stand once due work has reached them.
        bool IsHeadOfThing((string ThingName, string? NamespaceId) device) =>
            ofThing[device.ThingName].FirstOrDefault()?.Key == after[device].FirstOrDefault()?.Key
            && ofThing[device.ThingName].FirstOrDefault(IsNotOwedItsEnd)?.Key == after[device].FirstOrDefault(IsNotOwedItsEnd)?.Key;

        // What the job's row or the moment has already decided is not told, though due work has not reached it.
        bool IsNotOwedItsEnd(JobExecution row)
        {
            var job = turn.Test.Realm.Jobs.Find(row.JobId)!;
            var isCanceled = job.Status == JobStatus.CANCELED && (job.ForceCanceled || row.Status == JobExecutionStatus.QUEUED);
            var isOfDeletedThing = turn.Test.Realm.DeletedThings.OfName.RowsIn(row.ThingName).Any(thing => thing.Ordinal > row.Ordinal);
            return job.Status != JobStatus.DELETION_IN_PROGRESS && !isCanceled && !isOfDeletedThing && !(row.TimesOutAt <= turn.Test.World.Now);
        }
    }

    private static ILookup<(string ThingName, string? NamespaceId), JobExecution> Lists(IEnumerable<JobExecution> executions) =>
        InOrder(executions).ToLookup(execution => (execution.ThingName, execution.NamespaceId));

    private static ILookup<string, JobExecution> Things(IEnumerable<JobExecution> executions) => InOrder(executions).ToLookup(execution => execution.ThingName);

    private static IEnumerable<JobExecution> InOrder(IEnumerable<JobExecution> executions) => executions
        .Where(execution => !execution.IsTerminal)
        .OrderByDescending(execution => execution.Status).ThenBy(execution => execution.QueuedAt).ThenBy(execution => execution.Ordinal);

    private static object? OrdinalOf(object row) => row.GetType().GetProperty("Ordinal")?.GetValue(row);
}
