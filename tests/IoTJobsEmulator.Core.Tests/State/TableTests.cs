using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations;
using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>Rows, indexes, undo and pages, on the table of executions.</summary>
public sealed class TableTests
{
    private readonly Realm _realm = new TestRealm();

    [Fact]
    public void A_change_is_made_from_the_row_as_it_stands_and_remembered()
    {
        var queued = Row(1);
        _realm.Executions.Put(queued);
        var change = _realm.Executions.Change(queued.Key, row => row with { VersionNumber = row.VersionNumber + 1 });
        _realm.Executions.Remove(queued.Key);

        var next = queued with { VersionNumber = 2 };
        Assert.Equal((queued, next), (change.Before, change.After));
        Assert.Equal([(null, queued), (queued, next), (next, null)], _realm.Changes.Select(each => (each.RowBefore as JobExecution, each.RowAfter as JobExecution)));
        Assert.All(_realm.Changes, each => Assert.Same(_realm.Executions, each.Table));
        Assert.Null(_realm.Executions.Find(queued.Key));
    }

    [Fact]
    public void Where_the_row_stays_itself_nothing_happened()
    {
        _realm.Executions.Put(Row(1));
        _realm.TakeChanges();
        var change = _realm.Executions.Change(Row(1).Key, row => row);
        Assert.Empty(_realm.Changes);
        Assert.Same(change.Before, change.After);
    }

    [Fact]
    public void A_key_is_taken_once() => Assert.Throws<ArgumentException>(() =>
    {
        _realm.Executions.Put(Row(1));
        _realm.Executions.Put(Row(1));
    });

    [Fact]
    public void A_turn_that_is_undone_leaves_everything_as_it_was() => Prop.ForAll(Scripts, Scripts, (before, turn) =>
    {
        Realm realm = new TestRealm();
        Play(realm, before);
        realm.TakeChanges();
        var view = WorldView.Of(realm);

        Play(realm, turn);
        WorldView.AssertIndexesFollowRows(realm);
        realm.Undo();

        WorldView.AssertSame(view, WorldView.Of(realm));
        WorldView.AssertIndexesFollowRows(realm);
        Assert.Empty(realm.Changes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_part_of_a_turn_that_is_undone_leaves_the_rest_of_it() => Prop.ForAll(Scripts, Scripts, (first, second) =>
    {
        Realm realm = new TestRealm();
        Play(realm, first);
        var (view, changes) = (WorldView.Of(realm), realm.Changes.ToList());

        Play(realm, second);
        realm.UndoTo(changes.Count);

        WorldView.AssertSame(view, WorldView.Of(realm));
        WorldView.AssertIndexesFollowRows(realm);
        Assert.Equal(changes, realm.Changes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_that_are_loaded_together_lie_where_they_would_have_been_put() => Prop.ForAll(Scripts, Scripts, (first, second) =>
    {
        Realm realm = new TestRealm(), loaded = new TestRealm();
        Play(realm, [.. first, .. second]);
        var rows = realm.Executions.All.ToLookup(row => row.Ordinal % 2);

        // The parts may be done at once, so in any order, too.
        foreach (var part in Parts(loaded, rows[0]).Reverse().Concat(Parts(loaded, rows[1])))
            part();

        WorldView.AssertSame(WorldView.Of(realm), WorldView.Of(loaded));
        Assert.Empty(loaded.Changes);

        static IEnumerable<Action> Parts(Realm realm, IEnumerable<JobExecution> rows) => ((ITable<JobExecution>)realm.Executions).Load([.. rows]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Turns_that_were_handed_out_are_undone_last_first() => Prop.ForAll(Scripts, Scripts, (first, second) =>
    {
        Realm realm = new TestRealm();
        Play(realm, first);
        var firstTurn = realm.TakeChanges();
        Play(realm, second);
        var secondTurn = realm.TakeChanges();

        Realm.Undo(firstTurn.Concat(secondTurn).Reverse());

        Assert.Empty(WorldView.Of(realm).Values.SelectMany(rows => rows));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_comes_after_a_place_is_what_is_greater() => Prop.ForAll(Scripts, Places, (script, place) =>
    {
        Realm realm = new TestRealm();
        Play(realm, script);

        foreach (var status in Enum.GetValues<JobExecutionStatus>())
        {
            var ofJob = realm.Executions.All.Where(row => row.JobId == "job-1" && row.Status == status).OrderByDescending(row => row.Ordinal).ToList();
            Assert.Equal(ofJob, realm.Executions.OfJob.In(("job-1", status, false)));
            Assert.Equal(ofJob.Where(row => -row.Ordinal > place), realm.Executions.OfJob.After(("job-1", status, false), place));
            Assert.Equal(ofJob.FirstOrDefault(), realm.Executions.OfJob.First(("job-1", status, false)));
            Assert.Equal((ofJob.Count, ofJob.Count > 0), (realm.Executions.OfJob.Count(("job-1", status, false)), realm.Executions.OfJob.Any(("job-1", status, false))));
        }
        Assert.Equal(
            realm.Executions.All.Where(row => row.JobId == "job-1" && -row.Ordinal > place && row.Status != FAILED).OrderByDescending(row => row.Ordinal),
            realm.Executions.OfJob.Merged(Enum.GetValues<JobExecutionStatus>().Where(status => status != FAILED).Select(status => ("job-1", status, false)), place));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(11)]
    public void A_group_is_in_order_while_it_grows_large_and_small_again(int step)
    {
        // Coprime to the step, so that the numbers come in an order that is neither theirs nor its reverse.
        const int Rows = 41;
        var index = _realm.Executions.OfJob;
        var group = (Row(0).JobId, QUEUED, false);
        var present = new SortedSet<long>();
        foreach (var number in Enumerable.Range(0, 2 * Rows).Select(turn => turn * step % Rows))
        {
            if (present.Add(-Row(number).Ordinal))
                _realm.Executions.Put(Row(number));
            else
            {
                present.Remove(-Row(number).Ordinal);
                _realm.Executions.Remove(Row(number).Key);
            }
            Assert.Equal(present, index.In(group).Select(row => -row.Ordinal));
            Assert.Equal(present.Count, index.Count(group));
            Assert.Equal(present.Count > 0 ? -present.Min : null, index.First(group)?.Ordinal);
            foreach (var place in (long[])[-Rows - 1, -20, 1])
                Assert.Equal(present.Where(order => order > place), index.After(group, place).Select(row => -row.Ordinal));
        }
        Assert.False(index.Any(group));
    }

    [Fact]
    public void The_pending_list_and_the_timers_are_in_order() => Prop.ForAll(Scripts, script =>
    {
        Realm realm = new TestRealm();
        Play(realm, script);

        foreach (var thing in realm.Executions.All.Select(row => row.ThingName).Distinct())
        {
            Assert.Equal(
                realm.Executions.All.Where(row => row.ThingName == thing && (row.Status is QUEUED or IN_PROGRESS))
                    .OrderBy(row => row.Status == QUEUED).ThenBy(row => row.QueuedAt).ThenBy(row => row.Ordinal),
                realm.Executions.Pending.In((thing, null)));
        }
        Assert.Equal(
            realm.Executions.All.Where(row => row.TimesOutAt is not null).OrderBy(row => row.TimesOutAt!.Value).ThenBy(row => row.Ordinal),
            realm.Executions.Due.Rows);
    }).QuickCheckThrowOnFailure();

    /// <summary>Pages are read one after the other while rows come, go and change between them.</summary>
    [Fact]
    public void What_keeps_its_place_is_listed_exactly_once() => Prop.ForAll(Scripts, Scripts, Sizes, (before, meanwhile, size) =>
    {
        Realm realm = new TestRealm();
        Play(realm, before);
        var there = realm.Executions.All.Where(row => row.JobId == "job-1").Select(row => row.Ordinal).ToHashSet();
        List<long> listed = [];
        string? token = null;
        var pages = 0;
        do
        {
            var page = ListOfJob(realm, size, token);
            Assert.True(page.Ordinals.Count == size || page.NextToken is null);
            Assert.False(page.Ordinals.Count == 0 && pages == 0 && there.Count > 0);
            listed.AddRange(page.Ordinals);
            token = page.NextToken;
            Play(realm, [.. meanwhile.Skip(pages * 3).Take(3)]);
            pages++;
        }
        while (token is not null && pages < 1000);

        Assert.Equal(listed.Distinct().Count(), listed.Count);
        Assert.Equal(listed.OrderDescending(), listed);
        Assert.Superset(there.Intersect(realm.Executions.All.Select(row => row.Ordinal)).ToHashSet(), listed.ToHashSet());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_exactly_full_last_page_has_no_token()
    {
        foreach (var number in Enumerable.Range(1, 4))
            _realm.Executions.Put(Row(number));

        var first = ListOfJob(_realm, 2, null);
        var second = ListOfJob(_realm, 2, first.NextToken);

        Assert.Equal([4, 3, 2, 1], first.Ordinals.Concat(second.Ordinals));
        Assert.Null(second.NextToken);
        Assert.Null(ListOfJob(_realm, null, null).NextToken);
        Assert.Null(ListOfJob(_realm, 4, null).NextToken);
    }

    [Fact]
    public void Without_a_number_a_page_has_250()
    {
        foreach (var number in Enumerable.Range(1, 251))
            _realm.Executions.Put(Row(number));
        var page = ListOfJob(_realm, null, null);
        Assert.Equal((250, true), (page.Ordinals.Count, page.NextToken is not null));
    }

    [Fact]
    public void A_token_is_read_only_by_the_operation_that_wrote_it()
    {
        _realm.Executions.Put(Row(1));
        _realm.Executions.Put(Row(2));
        var token = ListOfJob(_realm, 1, null).NextToken!;

        Assert.Equal(["-2"], Page.Read("List", token, 1)!);
        Assert.Null(Page.Read("List", null, 1));
        Assert.Null(Page.Read("List", "", 1));
        foreach (var (operation, text, parts) in new[] { ("ListThings", token, 1), ("List", token, 2), ("List", token[1..], 1), ("List", "%", 1), ("List", " ", 1), ("List", "~~~", 1) })
        {
            var refusal = Assert.Throws<ServiceException>(() => Page.Read(operation, text, parts));
            Assert.Equal((ServiceError.InvalidRequest, "Next token is invalid."), (refusal.Error, refusal.Message));
        }
        Assert.Equal("Next token is invalid.", Assert.Throws<ServiceException>(() => Page.Number("two")).Message);
        Assert.Equal(-2, Page.Number("-2"));
    }

    [Fact]
    public void A_world_that_is_emptied_keeps_its_realms()
    {
        var test = new TestRealm();
        test.CreateGroup("site", null, "pump-1");
        test.CreateJob("reboot", group: "site");

        test.World.Clear();

        Assert.Same(test.Realm, test.World.Realm("123456789012", "us-east-1"));
        Assert.Empty(WorldView.Of(test).Values.SelectMany(rows => rows));
        Assert.Empty(test.Realm.Changes);
        Assert.Equal(1, test.Realm.NextOrdinal());
    }

    [Fact]
    public void Nothing_of_one_realm_is_in_another()
    {
        var test = new TestRealm();
        test.CreateThings("pump-1");
        var (otherRegion, otherAccount) = (test.World.Realm("123456789012", "eu-central-1"), test.World.Realm("210987654321", "us-east-1"));

        Assert.Equal((1, 0, 0), (test.Realm.Things.Count, otherRegion.Things.Count, otherAccount.Things.Count));
        Assert.Equal([test.Realm], test.World.Realms);
    }

    // A script says which row a step is about and what becomes of it: put, changed or removed, whichever is possible.
    private sealed record ScriptStep(int Number, int Job, JobExecutionStatus Status, int Minute, bool IsRemoved);

    private static readonly Arbitrary<ScriptStep[]> Scripts = Arb.From(
        (from number in Gen.Choose(1, 8)
         from job in Gen.Choose(1, 2)
         from status in Gen.Elements(Enum.GetValues<JobExecutionStatus>())
         from minute in Gen.Choose(0, 3)
         from isRemoved in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
         select new ScriptStep(number, job, status, minute, isRemoved)).ArrayOf(30),
        script => script.Select((_, left) => script.Where((_, index) => index != left).ToArray()));

    private static readonly Arbitrary<long> Places = Arb.From(Gen.Choose(-40, 1).Select(place => (long)place));

    private static readonly Arbitrary<int> Sizes = Arb.From(Gen.Choose(1, 4));

    private static void Play(Realm realm, ScriptStep[] script)
    {
        foreach (var step in script)
        {
            var key = Row(step.Number, step.Job).Key;
            var timesOutAt = step.Status == IN_PROGRESS ? TestRealm.Start + TimeSpan.FromMinutes(step.Minute) : (Moment?)null;
            if (realm.Executions.Find(key) is null)
                realm.Executions.Put(Row(step.Number, step.Job) with { Ordinal = realm.NextOrdinal(), QueuedAt = TestRealm.Start + TimeSpan.FromMinutes(step.Minute) });
            else if (step.IsRemoved)
                realm.Executions.Remove(key);
            else
                realm.Executions.Change(key, row => row with { Status = step.Status, InProgressTimesOutAt = timesOutAt });
        }
    }

    private static JobExecution Row(int number, int job = 1) => new()
    {
        JobId = $"job-{job}",
        ThingName = $"pump-{number % 3}",
        ExecutionNumber = number,
        Ordinal = number,
        QueuedAt = TestRealm.Start,
        LastUpdatedAt = TestRealm.Start,
    };

    private static (List<long> Ordinals, string? NextToken) ListOfJob(Realm realm, int? maxResults, string? nextToken)
    {
        var place = Page.Read("List", nextToken, 1) is [var last] ? Page.Number(last) : long.MinValue;
        var rows = realm.Executions.OfJob.Merged(Enum.GetValues<JobExecutionStatus>().Select(status => ("job-1", status, false)), place);
        var (views, next) = Page.Take("List", rows, maxResults, row => row.Ordinal, row => [-row.Ordinal]);
        return ([.. views], next);
    }
}
