using FsCheck;
using FsCheck.Fluent;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using static IoTJobsEmulator.Core.Tests.State.ExecutionScript;

namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>Rows, indexes and undo, on the table of executions.</summary>
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
    public void A_change_to_the_same_row_is_not_recorded()
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

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(40)]
    public void Each_run_of_a_job_on_a_thing_is_found_by_its_number(int count)
    {
        var runs = Enumerable.Range(1, count).Select(number => Row(1) with { ExecutionNumber = number, Ordinal = number }).ToList();
        foreach (var run in runs)
            _realm.Executions.Put(run);
        AssertFound(runs);
        foreach (var run in runs.Where(run => run.ExecutionNumber % 2 == 0))
            _realm.Executions.Remove(run.Key);

        AssertFound([.. runs.Where(run => run.ExecutionNumber % 2 == 1)]);
        Assert.Throws<KeyNotFoundException>(() => _realm.Executions.Remove(runs[1].Key));
        Assert.Throws<KeyNotFoundException>(() => _realm.Executions.Change(runs[1].Key, row => row));
        Assert.Throws<ArgumentException>(() => _realm.Executions.Put(runs[^(2 - (count % 2))]));

        void AssertFound(List<JobExecution> expected)
        {
            Assert.Equal(expected, runs.Select(run => _realm.Executions.Find(run.Key)).OfType<JobExecution>());
            Assert.Equal((expected.Count, expected.Count), (_realm.Executions.Count, _realm.Executions.All.Distinct().Count()));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void Runs_that_are_loaded_together_are_found_and_two_of_one_key_are_refused(int count)
    {
        // In an order that is neither that of their keys nor that of their numbers.
        List<JobExecution> runs =
        [
            .. Enumerable.Range(1, count).Select(number => Row(1) with
            {
                ExecutionNumber = 1 + (number * 7 % 41),
                Ordinal = 1 + (number * 11 % 43),
                Status = number % 3 == 0 ? SUCCEEDED : QUEUED,
            }),
        ];
        Realm one = new TestRealm(), together = new TestRealm();
        foreach (var run in runs)
            one.Executions.Put(run);
        Load(together, runs);

        WorldView.AssertSame(WorldView.Of(one), WorldView.Of(together));
        WorldView.AssertIndexesFollowRows(together);
        Assert.All(runs, run => Assert.Equal(run, together.Executions.Find(run.Key)));
        Assert.Equal((count, count), (together.Executions.Count, together.Executions.All.Distinct().Count()));
        Assert.All((List<JobExecution>[])[runs, [.. runs.OrderByDescending(run => run.ExecutionNumber)]], ordered =>
        {
            var refused = Assert.Throws<ArgumentException>(() => Load(new TestRealm(), [.. ordered, ordered[^1] with { Ordinal = 99 }]));
            Assert.Contains(ordered[^1].Key.ToString(), refused.Message, StringComparison.Ordinal);
        });

        static void Load(Realm realm, List<JobExecution> runs)
        {
            ITable<JobExecution> table = realm.Executions;
            foreach (var part in runs.Chunk(7).SelectMany(table.Load))
                part();
            table.EndLoad();
        }
    }

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
    }).Check(RandomInputs.Config());

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
    }).Check(RandomInputs.Config());

    [Fact]
    public void Rows_that_are_loaded_together_lie_where_they_would_have_been_put() => Prop.ForAll(Scripts, Scripts, (first, second) =>
    {
        Realm realm = new TestRealm(), loaded = new TestRealm();
        Play(realm, [.. first, .. second]);
        var rows = realm.Executions.All.ToLookup(row => row.Ordinal % 2);

        // The parts may be done at once, so in any order, too.
        foreach (var part in Parts(loaded, rows[0]).Reverse().Concat(Parts(loaded, rows[1])))
            part();
        ((ITable<JobExecution>)loaded.Executions).EndLoad();

        WorldView.AssertSame(WorldView.Of(realm), WorldView.Of(loaded));
        Assert.Empty(loaded.Changes);

        static IEnumerable<Action> Parts(Realm realm, IEnumerable<JobExecution> rows) => ((ITable<JobExecution>)realm.Executions).Load([.. rows]);
    }).Check(RandomInputs.Config());

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
    }).Check(RandomInputs.Config());

    /// <summary>After a restore numbers are given again, so that the rows of two moments may claim one place in an index.</summary>
    [Fact]
    public void Rows_are_restored_also_where_others_had_their_numbers() => Prop.ForAll(Scripts, Scripts, Scripts, (zeroth, first, second) =>
    {
        var test = new TestRealm();
        var moments = new List<(WorldRows Rows, Dictionary<(string, object?), List<object>> View, long Next)>();
        foreach (var script in (ScriptStep[][])[zeroth, first, second])
        {
            Play(test, script);
            test.Realm.TakeChanges();
            moments.Add((new(test.World), WorldView.Of(test), test.Realm.NextOrdinal()));
            test.World.Exchange(moments[0].Rows.ToWorld());
        }
        foreach (var moment in (int[])[1, 2, 1, 0, 2])
        {
            var (rows, view, next) = moments[moment];
            var (restored, before) = (rows.ToWorld(), WorldView.Of(test));
            test.World.Exchange(restored);

            WorldView.AssertSame(view, WorldView.Of(test));
            WorldView.AssertIndexesFollowRows(test);
            Assert.Equal((next, rows.Count), (test.Realm.NextOrdinal(), test.Realm.Executions.Count));
            Assert.Empty(test.Realm.Changes);

            test.World.Exchange(restored);
            WorldView.AssertSame(before, WorldView.Of(test));
            WorldView.AssertIndexesFollowRows(test);
            test.World.Exchange(restored);
        }
    }).Check(RandomInputs.Config());

    [Fact]
    public void What_comes_after_a_place_is_what_is_greater() => Prop.ForAll(Scripts, Places, (script, place) =>
    {
        Realm realm = new TestRealm();
        Play(realm, script);

        foreach (var status in Enum.GetValues<JobExecutionStatus>())
        {
            var ofJob = realm.Executions.All.Where(row => row.JobId == "job-1" && row.Status == status).OrderByDescending(row => row.Ordinal).ToList();
            Assert.Equal(ofJob, realm.Executions.OfJob.RowsIn(new("job-1", status, false)));
            Assert.Equal(ofJob.Where(row => -row.Ordinal > place), realm.Executions.OfJob.RowsAfter(new("job-1", status, false), place));
            Assert.Equal(ofJob.FirstOrDefault(), realm.Executions.OfJob.First(new("job-1", status, false)));
            Assert.Equal((ofJob.Count, ofJob.Count > 0), (realm.Executions.OfJob.Count(new("job-1", status, false)), realm.Executions.OfJob.Any(new("job-1", status, false))));
        }
        Assert.Equal(
            realm.Executions.All.Where(row => row.JobId == "job-1" && -row.Ordinal > place && row.Status != FAILED).OrderByDescending(row => row.Ordinal),
            realm.Executions.OfJob.MergedRowsAfter(Enum.GetValues<JobExecutionStatus>().Where(status => status != FAILED).Select(status => new StatusOfJob("job-1", status, false)), place));
    }).Check(RandomInputs.Config());

    [Theory]
    [InlineData(41, 1)]
    [InlineData(41, 7)]
    [InlineData(41, 11)]
    [InlineData(1009, 1)] // several chunks: filled from one end, from the other, and by halves
    [InlineData(1009, 1008)]
    [InlineData(1009, 7)]
    [InlineData(1009, 500)]
    public void A_group_is_in_order_while_it_grows_large_and_small_again(int rows, int step)
    {
        // The number of rows is a prime, so that the step passes all of them.
        var index = _realm.Executions.OfJob;
        var group = new StatusOfJob(Row(0).JobId, QUEUED, false);
        var present = new SortedSet<long>();
        foreach (var (turn, number) in Enumerable.Range(0, 2 * rows).Select(turn => (turn, turn * step % rows)))
        {
            if (present.Add(-Row(number).Ordinal))
                _realm.Executions.Put(Row(number));
            else
            {
                present.Remove(-Row(number).Ordinal);
                _realm.Executions.Remove(Row(number).Key);
            }
            Assert.Equal(present.Count, index.Count(group));
            Assert.Equal(present.Count > 0 ? -present.Min : null, index.First(group)?.Ordinal);
            if (rows > 100 && turn % 50 != 0 && present.Count > 20)
                continue;
            Assert.Equal(present, index.RowsIn(group).Select(row => -row.Ordinal));
            foreach (var place in (long[])[-rows - 1, -rows / 2, -20, 1])
                Assert.Equal(present.Where(order => order > place), index.RowsAfter(group, place).Select(row => -row.Ordinal));
        }
        Assert.False(index.Any(group));
    }

    [Fact]
    public void A_row_finds_its_place_anywhere_in_a_full_chunk()
    {
        const int ChunkSize = 128;
        var group = new StatusOfJob(Row(0).JobId, QUEUED, false);
        for (var place = 0; place <= ChunkSize; place++)
        {
            Realm realm = new TestRealm();
            int[] numbers = [.. Enumerable.Range(1, ChunkSize).Select(number => 2 * number), (2 * place) + 1];
            foreach (var number in numbers)
                realm.Executions.Put(Row(number));
            Assert.Equal(numbers.OrderDescending(), realm.Executions.OfJob.RowsIn(group).Select(row => (int)row.Ordinal));
            foreach (var number in numbers)
                realm.Executions.Remove(Row(number).Key);
            Assert.False(realm.Executions.OfJob.Any(group));
        }
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
                realm.Executions.Pending.RowsIn(new(thing, null)));
        }
        Assert.Equal(
            realm.Executions.All.Where(row => row.TimesOutAt is not null).OrderBy(row => row.TimesOutAt!.Value).ThenBy(row => row.Ordinal),
            realm.Executions.Due.Rows);
    }).Check(RandomInputs.Config());

    [Fact]
    public void A_things_executions_are_in_each_order_while_they_become_many_and_few_again()
    {
        const int Rows = 307, Step = 100; // the first is a prime, so that the step passes all
        var present = new HashSet<JobExecution>();
        foreach (var turn in Enumerable.Range(0, 2 * Rows))
        {
            var number = turn * Step % Rows;
            var row = Row(number, job: number % 5) with { ThingName = "pump", NamespaceId = number % 3 == 0 ? null : $"space-{number % 3}", Status = number % 4 == 0 ? SUCCEEDED : number % 7 == 0 ? IN_PROGRESS : QUEUED };
            if (present.Add(row))
                _realm.Executions.Put(row);
            else if (present.Remove(row))
                _realm.Executions.Remove(row.Key);
            if (present.Count > 40 && turn % 25 != 0)
                continue;
            foreach (var space in (string?[])[null, "space-1", "space-2", "space-3"])
            {
                var pending = present.Where(each => each.NamespaceId == space && each.IsPending).OrderBy(JobExecutionTable.PendingOrder).ToList();
                AssertGroup(_realm.Executions.Pending, new("pump", space), pending, JobExecutionTable.PendingOrder);
            }
            foreach (var job in Enumerable.Range(0, 6).Select(job => $"job-{job}"))
            {
                var runs = present.Where(each => each.JobId == job).OrderByDescending(each => each.ExecutionNumber).ToList();
                AssertGroup(_realm.Executions.OfThingByJob, new("pump", job), runs, run => -run.ExecutionNumber);
                Assert.Equal(runs, _realm.Executions.Runs(job, "pump"));
                Assert.Equal(runs.FirstOrDefault(), _realm.Executions.LatestRun(job, "pump"));
            }
            foreach (var status in Enum.GetValues<JobExecutionStatus>())
                Assert.Equal(present.Where(each => each.Status == status).OrderByDescending(each => each.Ordinal), _realm.Executions.OfThingWithStatus("pump", status));
        }
        Assert.Empty(_realm.Executions.OfThing.Groups);

        static void AssertGroup<TOrder>(
            PartsOfGroups<JobExecution, Name, TOrder> index, PartOfGroup<Name> group, List<JobExecution> expected, Func<JobExecution, TOrder> order)
            where TOrder : IComparable<TOrder>
        {
            Assert.Equal(expected, index.RowsIn(group));
            Assert.Equal((expected.Count, expected.Count > 0, expected.FirstOrDefault()), (index.Count(group), index.Any(group), index.First(group)));
            for (var place = 0; place < expected.Count; place += 1 + (expected.Count / 10))
            {
                Assert.Equal(expected.Skip(place + 1), index.RowsAfter(group, order(expected[place])));
                Assert.Equal(expected.Skip(place + 1).FirstOrDefault(), index.FirstAfter(group, order(expected[place])));
            }
        }
    }

    /// <summary>ReadyToRun compiles them ahead then: over a tuple or a number of .NET they would be compiled when they are first used.</summary>
    [Fact]
    public void Keys_groups_and_orders_are_structs_of_the_assembly_or_keys_are_texts()
    {
        var tables = _realm.Tables.Select(table => table.GetType()).ToList();
        Assert.All(tables.Select(table => table.BaseType!.GenericTypeArguments[0]), key => Assert.True(key == typeof(string) || IsOwn(key), key.Name));
        Assert.Empty(
            from index in tables.SelectMany(table => table.GetProperties()).Select(property => property.PropertyType)
            where index.IsGenericType && index.Assembly == typeof(Realm).Assembly
            from argument in index.GenericTypeArguments.Skip(1) // the first is the row
            where !IsOwn(argument)
            select $"{argument} in {index}");

        static bool IsOwn(Type type) =>
            type.IsValueType && type.Assembly == typeof(Realm).Assembly && type.GenericTypeArguments.All(IsOwn);
    }

    private static readonly Arbitrary<long> Places = Arb.From(Gen.Choose(-40, 1).Select(place => (long)place));
}
