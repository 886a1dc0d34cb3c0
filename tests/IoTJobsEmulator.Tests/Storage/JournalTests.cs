using System.Collections;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>Whatever has gathered goes in one transaction; what cannot be committed is rolled back.</summary>
public sealed class JournalTests : IDisposable
{
    private const string NoDeletion = "CREATE TRIGGER full_disk BEFORE DELETE ON Jobs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_that_changed_several_times_is_written_once()
    {
        var (batch, realm) = (new Batch(), new World(() => Guid.Empty).Realm("123456789012", "us-east-1"));
        JournalEntry Turn(Action change)
        {
            change();
            return new() { Changes = realm.TakeChanges() };
        }

        batch.Add(Turn(() => TurnGateFixture.PutThing(realm, "pump-1")));
        batch.Add(Turn(() => realm.Things.Change("pump-1", thing => thing with { Version = 2 })));
        batch.Add(Turn(() => TurnGateFixture.PutThing(realm, "came-and-went")));
        batch.Add(Turn(() => realm.Things.Change("pump-1", thing => thing with { Version = 3 })));
        batch.Add(Turn(() => realm.Things.Remove("came-and-went")));

        Assert.Equal([(null, realm.Things.Find("pump-1")), (null, null)], batch.Merge(new()).Rows.Select(row => (row.Before, row.After)));
        Assert.Equal(5, batch.Size);
    }

    [Fact]
    public async Task A_row_that_was_removed_and_made_again_is_there()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await fixture.CreateThing("pump-1");
            await fixture.Turns.Take(fixture.Realm, () =>
            {
                fixture.Realm.Things.Remove("pump-1");
                TurnGateFixture.PutThing(fixture.Realm, "pump-1");
                fixture.Realm.Things.Remove("pump-1");
                return TurnGateFixture.PutThing(fixture.Realm, "pump-1");
            });
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        Assert.Equal("00000003-0000-0000-0000-000000000000", restarted.Realm.Things.Find("pump-1")!.ThingId);
    }

    [Fact]
    public async Task Turns_that_come_while_a_commit_is_under_way_share_the_next()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        List<Task<bool>> commits = [];
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write meanwhile, so whatever comes after the first batch gathers.
            using var writes = other.BeginTransaction();
            commits.Add(Commit());
            while (commits[^1] == commits[0])
                commits.Add(Commit());
            for (var turn = 0; turn < 100; turn++)
                commits.Add(Commit());
            Assert.False(commits[0].IsCompleted);
        }

        Assert.Equal(2, commits.Distinct().Count());
        Assert.True(await commits[^1]);
        Assert.Equal(commits.Count, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));

        Task<bool> Commit()
        {
            TurnGateFixture.PutThing(fixture.Realm, fixture.Realm.NewId());
            return fixture.Journal.Commit(new() { Changes = fixture.Realm.TakeChanges() });
        }
    }

    [Fact]
    public async Task Without_a_database_file_bulk_work_goes_on_when_what_is_before_it_is_written()
    {
        using var fixture = new TurnGateFixture();
        using ManyChanges first = new(), second = new();
        _ = fixture.Journal.Commit(new() { Changes = first });
        first.WaitUntilRead();
        _ = fixture.Journal.Commit(new() { Changes = second });
        var mayGoOn = fixture.Journal.WhenCaughtUp;
        Assert.False(mayGoOn.IsCompleted);

        first.Release();
        second.WaitUntilRead();

        Assert.True(mayGoOn.IsCompleted);
        second.Release();
        await fixture.Journal.WhenWritten;
    }

    /// <summary>As many changes as bulk work waits for; whoever reads them waits until they are released, and then finds none.</summary>
    private sealed class ManyChanges : IReadOnlyList<Change>, IDisposable
    {
        private readonly ManualResetEventSlim _read = new(), _released = new();

        public int Count => 10_000;

        public Change this[int index] => throw new NotSupportedException();

        public void WaitUntilRead() => _read.Wait();

        public void Release() => _released.Set();

        public void Dispose() => Release();

        public IEnumerator<Change> GetEnumerator()
        {
            _read.Set();
            _released.Wait();
            yield break;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Fact]
    public async Task What_waits_for_a_locked_database_is_bounded()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var realm = fixture.Realm;
        List<Task> answers = [];
        Task refused;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            using var writes = other.BeginTransaction();
            // The first may be under way; the second is what waits.
            for (var turn = 0; turn < 2; turn++)
                answers.Add(fixture.Turns.Take(realm, () =>
                {
                    for (var thing = 0; thing <= 50_000; thing++)
                        TurnGateFixture.PutThing(realm, realm.NewId());
                    return true;
                }).AsTask());
            while (!fixture.Journal.IsFull)
                answers.Add(fixture.CreateThing(realm.NewId()).AsTask());
            refused = fixture.CreateThing("pump-1").AsTask();
            answers.Add(fixture.Turns.Take(realm, () => realm.Things.Count).AsTask());
        }

        Assert.Equal("Too many changes wait for the database.", (await Assert.ThrowsAsync<ServiceException>(() => refused)).Message);
        await Task.WhenAll(answers);
        Assert.Null(realm.Things.Find("pump-1"));
        await fixture.CreateThing("pump-2");
    }

    [Fact]
    public async Task A_turn_that_cannot_be_committed_is_answered_with_503_and_leaves_no_trace()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        _folder.FillUp();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => fixture.CreateThing("pump-2").AsTask());

        Assert.Equal((ServiceError.ServiceUnavailable, "pump-1"), (refusal.Error, fixture.ThingNames));
        _folder.MakeRoom();
        await fixture.CreateThing("pump-3");
        await fixture.Turns.WhenIdle();
        Assert.Equal("pump-1 pump-3", fixture.ThingNames);
        Assert.Equal(["pump-1", "pump-3"], fixture.Ended.Select(turn => ((Core.Things.Thing)turn.Changes[0].RowAfter!).ThingName));
        Assert.Equal(2, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));
        Assert.StartsWith("Error: The database could not be written", Assert.Single(fixture.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivered_answer_is_a_503_if_its_turn_cannot_be_committed_and_nothing_is_announced()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        List<string> heard = [];
        fixture.Turns.AddListener(turn => heard.Add($"{turn.Changes.Count} change"));
        await fixture.CreateThing("pump-1");
        await fixture.Turns.WhenIdle();
        _folder.FillUp();

        await Ask("pump-2");
        await fixture.Turns.WhenIdle();

        Assert.Equal(["1 change", "ServiceUnavailableException The database could not be written. Nothing has changed."], heard);
        Assert.Equal("pump-1", fixture.ThingNames);
        _folder.MakeRoom();
        await Ask("pump-3");
        await fixture.Turns.WhenIdle();
        Assert.Equal(["made", "1 change"], heard[2..]);
        Assert.Equal("pump-1 pump-3", fixture.ThingNames);

        ValueTask Ask(string thingName) => fixture.Turns.TakeAndDeliver(
            fixture.Realm,
            () => TurnGateFixture.PutThing(fixture.Realm, thingName) is null ? "" : "made",
            refusal => $"{((ServiceException)refusal).Error.Name} {refusal.Message}",
            heard.Add);
    }

    [Fact]
    public async Task All_who_saw_what_could_not_be_committed_are_refused_and_later_turns_are_rolled_back_first()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        await fixture.RenameType("pump-1", "pump");
        Task[] answers;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write until all of these have had their turns.
            using var writes = other.BeginTransaction();
            answers =
            [
                fixture.CreateThing("pump-2").AsTask(),
                fixture.RenameType("pump-2", "valve").AsTask(),
                fixture.RenameType("pump-1", "valve").AsTask(),
                fixture.ClockControl.Set(fixture.Now - TimeSpan.FromDays(1), frozen: true, TestContext.Current.CancellationToken).AsTask(),
                fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Things.Remove("pump-1")).AsTask(),
                fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Things.Count).AsTask(),
                fixture.Turns.Take<int>(fixture.Realm, () => throw ServiceError.ResourceNotFound.Because("seen before its commit")).AsTask(),
            ];
            Folder.FillUp(other);
            writes.Commit();
        }

        foreach (var answer in answers)
            Assert.Equal(ServiceError.ServiceUnavailable, (await Assert.ThrowsAsync<ServiceException>(() => answer)).Error);

        Assert.Equal("pump-1", fixture.ThingNames);
        Assert.Equal("pump", fixture.Realm.Things.Find("pump-1")!.ThingTypeName);
        Assert.Equal(ClockState.OfTheMachine, fixture.Clock.State);
        Assert.Equal("pump-1 pump", _folder.Ask<string>("SELECT GROUP_CONCAT(ThingName || ' ' || ThingTypeName) FROM Things"));
    }

    [Fact]
    public async Task A_delivery_on_the_pool_waits_for_the_turns_so_far_and_is_made_also_if_they_cannot_be_committed()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        var delivered = new TaskCompletionSource();
        Task refused;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            using var writes = other.BeginTransaction();
            refused = fixture.CreateThing("pump-2").AsTask();
            fixture.Turns.DeliverOnPool(delivered.SetResult);
            Assert.False(delivered.Task.IsCompleted);
            Folder.FillUp(other);
            writes.Commit();
        }

        await Assert.ThrowsAsync<ServiceException>(() => refused);
        await fixture.Turns.WhenIdle();
        Assert.True(delivered.Task.IsCompleted);
    }

    [Fact]
    public async Task Due_work_that_cannot_be_committed_pauses_for_a_second()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        using var service = new LifecycleService(fixture.DueWork, fixture.Machine, NullLogger<LifecycleService>.Instance);
        await fixture.DeleteJobAt("update-firmware", fixture.Now);
        _folder.Ask<int>(NoDeletion);
        await service.StartAsync(TestContext.Current.CancellationToken);
        while (!fixture.Machine.Waiting.SequenceEqual([TimeSpan.FromSeconds(1)]))
            await Task.Yield();
        Assert.Equal((1, 1), (fixture.Gone.Count, fixture.Realm.Jobs.Count));

        _folder.MakeRoom();
        fixture.Machine.Pass(TimeSpan.FromSeconds(1));
        while (fixture.Gone.Count == 1)
            await Task.Yield();
        await fixture.Turns.WhenIdle();

        Assert.Equal((0, 0), (fixture.Realm.Jobs.Count, _folder.Ask<int>("SELECT COUNT(*) FROM Jobs")));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Steps_that_ran_ahead_of_a_commit_that_fails_are_all_taken_back_and_none_is_taken_after_it()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var start = fixture.Now;
        await fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        string[] jobs = ["job-1", "job-2", "job-3", "job-4", "job-5"];
        foreach (var (job, second) in jobs.Zip(Enumerable.Range(1, 5)))
            await fixture.DeleteJobAt(job, start + TimeSpan.FromSeconds(second));
        var continuations = new ManualContinuations();
        Task advanced;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write meanwhile.
            using var writes = other.BeginTransaction();
            advanced = continuations.Start(() => fixture.ClockControl.Advance(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken).AsTask());
            continuations.RunAll();
            Assert.Equal(jobs, fixture.Gone.Select(gone => gone.JobId));
            Assert.Equal((0, false), (fixture.Realm.Jobs.Count, advanced.IsCompleted));
            Folder.Ask<int>(other, NoDeletion);
            writes.Commit();
        }

        await continuations.RunUntilCompleted(advanced);
        Assert.Equal(ServiceError.ServiceUnavailable, (await Assert.ThrowsAsync<ServiceException>(() => advanced)).Error);
        Assert.Equal((5, 5, start), (fixture.Gone.Count, fixture.Realm.Jobs.Count, fixture.Now));
        Assert.Equal(5, _folder.Ask<int>("SELECT COUNT(*) FROM Jobs"));

        _folder.MakeRoom();
        await fixture.ClockControl.Advance(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal([.. jobs, .. jobs], fixture.Gone.Select(gone => gone.JobId));
        Assert.Equal((0, start + TimeSpan.FromSeconds(5)), (_folder.Ask<int>("SELECT COUNT(*) FROM Jobs"), fixture.Now));
    }

    [Fact]
    public async Task Steps_run_ahead_of_their_commits_up_to_a_limit()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        for (var job = 1; job <= 200; job++)
            await fixture.DeleteJobAt($"job-{job}", fixture.Now);
        fixture.DuringStep = () =>
        {
            for (var thing = 0; thing < 24; thing++)
                TurnGateFixture.PutThing(fixture.Realm, fixture.Realm.NewId());
        };
        var continuations = new ManualContinuations();
        Task done;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write meanwhile.
            using var writes = other.BeginTransaction();
            done = continuations.Start(() => fixture.DueWork.RunAll(TestContext.Current.CancellationToken).AsTask());
            continuations.RunAll();
            // Of their rows 60 wait, and 120 or less are on their way.
            Assert.InRange(fixture.Gone.Count, 120 / 25, (240 / 25) + 2);
            Assert.False(done.IsCompleted);
        }
        await continuations.RunUntilCompleted(done);
        await done;
        Assert.Equal((200, 0), (fixture.Gone.Count, _folder.Ask<int>("SELECT COUNT(*) FROM Jobs")));
    }

    [Fact]
    public async Task What_was_committed_is_copied_to_the_file_while_others_commit_and_the_log_begins_from_the_front()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var (file, log) = (new FileInfo(_folder.Database), new FileInfo(_folder.Database + "-wal"));
        var (empty, commits) = (file.Length, 0);

        while (file.Length == empty && commits < 5_000)
            await CommitThing();
        Assert.InRange(file.Length, empty + 1, long.MaxValue);

        while (commits < 10_000)
            await CommitThing();
        Assert.InRange(log.Length, 1, 70_000_000);

        async Task CommitThing()
        {
            await fixture.CreateThing($"pump-{++commits}");
            file.Refresh();
            log.Refresh();
        }
    }

    [Fact]
    public async Task Rows_of_the_broker_are_not_written_until_they_are_also_for_who_asks_after_the_failure()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var journal = fixture.Turns.Journal;
        _folder.Ask<int>("CREATE TRIGGER full_disk BEFORE INSERT ON MqttSessions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        journal.Put(new MqttSession { ClientId = "pump-1", Tenant = "", ExpiryMilliseconds = 1000 }, isNew: true);
        while (fixture.Log.Count == 0)
            await Task.Yield();
        await fixture.Turns.WhenIdle();

        Assert.Equal((false, true), (await journal.WhenBrokerWritten, await journal.WhenWritten));

        _folder.MakeRoom();
        await fixture.CreateThing("pump-1");
        Assert.Equal((true, 1), (await journal.WhenBrokerWritten, _folder.Ask<int>("SELECT COUNT(*) FROM MqttSessions")));
    }

    [Fact]
    public async Task A_reset_that_cannot_be_committed_did_not_happen()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        await fixture.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });
        _folder.Ask<int>("CREATE TRIGGER no_reset BEFORE DELETE ON Things BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => fixture.Replacement.Reset().AsTask());

        Assert.Equal((ServiceError.ServiceUnavailable, "pump-1", TimeSpan.Zero), (refusal.Error, fixture.ThingNames, fixture.Turns.Settings.DeletionDuration));
        _folder.Ask<int>("DROP TRIGGER no_reset");
        var created = await fixture.CreateThing("pump-2");
        Assert.True(created.After!.Ordinal > fixture.Realm.Things.Find("pump-1")!.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_file_answers_wait_for_nothing()
    {
        using var fixture = new TurnGateFixture();

        var answer = fixture.CreateThing("pump-1");

        Assert.True(answer.IsCompletedSuccessfully);
        Assert.True(await fixture.Journal.WhenWritten);
    }

    [Fact]
    public void The_temporary_file_is_gone_at_exit()
    {
        var file = DatabaseFile.CreateTemporary();
        var path = file.FilePath;
        file.Write(new(true, [], ClockState.OfTheMachine));
        Assert.Equal(ClockState.OfTheMachine, file.Load(new(() => Guid.Empty)));

        file.Dispose();

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }
}
