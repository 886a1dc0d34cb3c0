using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>Whatever has gathered goes in one transaction; what cannot be committed is taken back.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_that_changed_several_times_is_written_once()
    {
        var (batch, realm) = (new Batch(), new World(() => Guid.Empty).Realm("123456789012", "us-east-1"));
        Entry Turn(Action change)
        {
            change();
            return new() { Changes = realm.TakeChanges() };
        }

        batch.Add(Turn(() => Stage.PutThing(realm, "pump-1")));
        batch.Add(Turn(() => realm.Things.Change("pump-1", thing => thing with { Version = 2 })));
        batch.Add(Turn(() => Stage.PutThing(realm, "came-and-went")));
        batch.Add(Turn(() => realm.Things.Change("pump-1", thing => thing with { Version = 3 })));
        batch.Add(Turn(() => realm.Things.Remove("came-and-went")));

        Assert.Equal([(null, realm.Things.Find("pump-1")), (null, null)], batch.Total().Rows.Select(row => (row.Before, row.After)));
        Assert.Equal(5, batch.Size);
    }

    [Fact]
    public async Task A_row_that_was_removed_and_made_again_is_there()
    {
        using (var stage = new Stage(_folder.Database))
        {
            await stage.CreateThing("pump-1");
            await stage.Turns.Take(stage.Realm, () =>
            {
                stage.Realm.Things.Remove("pump-1");
                Stage.PutThing(stage.Realm, "pump-1");
                stage.Realm.Things.Remove("pump-1");
                return Stage.PutThing(stage.Realm, "pump-1");
            });
        }

        using var restarted = new Stage(_folder.Database);

        Assert.Equal("00000003-0000-0000-0000-000000000000", restarted.Realm.Things.Find("pump-1")!.ThingId);
    }

    [Fact]
    public async Task Turns_that_come_while_a_commit_is_under_way_share_the_next()
    {
        using var stage = new Stage(_folder.Database);
        List<Task<bool>> commits = [];
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write meanwhile, so whatever comes after the first batch gathers.
            using var writes = other.BeginTransaction();
            commits.Add(HandIn());
            while (commits[^1] == commits[0])
                commits.Add(HandIn());
            for (var turn = 0; turn < 100; turn++)
                commits.Add(HandIn());
            Assert.False(commits[0].IsCompleted);
        }

        Assert.Equal(2, commits.Distinct().Count());
        Assert.True(await commits[^1]);
        Assert.Equal(commits.Count, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));

        Task<bool> HandIn()
        {
            Stage.PutThing(stage.Realm, stage.Realm.NewId());
            return stage.Journal.HandIn(new() { Changes = stage.Realm.TakeChanges() });
        }
    }

    [Fact]
    public async Task A_turn_that_cannot_be_committed_is_answered_with_503_and_leaves_no_trace()
    {
        using var stage = new Stage(_folder.Database);
        await stage.CreateThing("pump-1");
        _folder.FillUp();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => stage.CreateThing("pump-2").AsTask());

        Assert.Equal((ServiceError.ServiceUnavailable, "pump-1"), (refusal.Error, stage.ThingNames));
        _folder.MakeRoom();
        await stage.CreateThing("pump-3");
        await stage.Turns.Quiet();
        Assert.Equal("pump-1 pump-3", stage.ThingNames);
        Assert.Equal(["pump-1", "pump-3"], stage.Told.Select(turn => ((Core.Things.Thing)turn.Changes[0].RowAfter!).ThingName));
        Assert.Equal(2, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));
        Assert.StartsWith("Error: The database could not be written", Assert.Single(stage.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_told_is_a_503_if_its_turn_cannot_be_committed_and_nothing_is_announced()
    {
        using var stage = new Stage(_folder.Database);
        List<string> heard = [];
        stage.Turns.Ended += turn => heard.Add($"{turn.Changes.Count} change");
        await stage.CreateThing("pump-1");
        await stage.Turns.Quiet();
        _folder.FillUp();

        await Ask("pump-2");
        await stage.Turns.Quiet();

        Assert.Equal(["1 change", "ServiceUnavailableException The database could not be written. Nothing has changed."], heard);
        Assert.Equal("pump-1", stage.ThingNames);
        _folder.MakeRoom();
        await Ask("pump-3");
        await stage.Turns.Quiet();
        Assert.Equal(["made", "1 change"], heard[2..]);
        Assert.Equal("pump-1 pump-3", stage.ThingNames);

        ValueTask Ask(string thingName) => stage.Turns.TakeAndTell(
            stage.Realm,
            () => Stage.PutThing(stage.Realm, thingName) is null ? "" : "made",
            refusal => $"{((ServiceException)refusal).Error.Name} {refusal.Message}",
            heard.Add);
    }

    [Fact]
    public async Task All_who_saw_what_could_not_be_committed_are_told_and_later_turns_are_taken_back_first()
    {
        using var stage = new Stage(_folder.Database);
        await stage.CreateThing("pump-1");
        await stage.RenameType("pump-1", "pump");
        Task[] answers;
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write until all of these have had their turns.
            using var writes = other.BeginTransaction();
            answers =
            [
                stage.CreateThing("pump-2").AsTask(),
                stage.RenameType("pump-2", "valve").AsTask(),
                stage.RenameType("pump-1", "valve").AsTask(),
                stage.Turns.SetClock(stage.Now - TimeSpan.FromDays(1), frozen: true).AsTask(),
                stage.Turns.Take(stage.Realm, () => stage.Realm.Things.Remove("pump-1")).AsTask(),
                stage.Turns.Take(stage.Realm, () => stage.Realm.Things.Count).AsTask(),
                stage.Turns.Take<int>(stage.Realm, () => throw ServiceError.ResourceNotFound.Because("seen before its commit")).AsTask(),
            ];
            Folder.FillUp(other);
            writes.Commit();
        }

        foreach (var answer in answers)
            Assert.Equal(ServiceError.ServiceUnavailable, (await Assert.ThrowsAsync<ServiceException>(() => answer)).Error);

        Assert.Equal("pump-1", stage.ThingNames);
        Assert.Equal("pump", stage.Realm.Things.Find("pump-1")!.ThingTypeName);
        Assert.Equal(ClockState.OfTheMachine, stage.Clock.State);
        Assert.Equal("pump-1 pump", _folder.Ask<string>("SELECT GROUP_CONCAT(ThingName || ' ' || ThingTypeName) FROM Things"));
    }

    [Fact]
    public async Task Due_work_that_cannot_be_committed_pauses_for_a_second()
    {
        using var stage = new Stage(_folder.Database);
        using var service = new LifecycleService(stage.Turns, stage.Machine, NullLogger<LifecycleService>.Instance);
        await stage.DeleteJobAt("update-firmware", stage.Now);
        _folder.Ask<int>("CREATE TRIGGER full_disk BEFORE DELETE ON Jobs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        await service.StartAsync(TestContext.Current.CancellationToken);
        while (!stage.Machine.Waiting.SequenceEqual([TimeSpan.FromSeconds(1)]))
            await Task.Yield();
        Assert.Equal((1, 1), (stage.Gone.Count, stage.Realm.Jobs.Count));

        _folder.MakeRoom();
        stage.Machine.Pass(TimeSpan.FromSeconds(1));
        while (stage.Gone.Count == 1)
            await Task.Yield();
        await stage.Turns.Quiet();

        Assert.Equal((0, 0), (stage.Realm.Jobs.Count, _folder.Ask<int>("SELECT COUNT(*) FROM Jobs")));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_reset_that_cannot_be_committed_did_not_happen()
    {
        using var stage = new Stage(_folder.Database);
        await stage.CreateThing("pump-1");
        await stage.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });
        _folder.Ask<int>("CREATE TRIGGER no_reset BEFORE DELETE ON Things BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => stage.Turns.Reset().AsTask());

        Assert.Equal((ServiceError.ServiceUnavailable, "pump-1", TimeSpan.Zero), (refusal.Error, stage.ThingNames, stage.Turns.Settings.DeletionDuration));
        _folder.Ask<int>("DROP TRIGGER no_reset");
        var created = await stage.CreateThing("pump-2");
        Assert.True(created.After!.Ordinal > stage.Realm.Things.Find("pump-1")!.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_file_answers_wait_for_nothing()
    {
        using var stage = new Stage();

        var answer = stage.CreateThing("pump-1");

        Assert.True(answer.IsCompletedSuccessfully);
        Assert.True(await stage.Journal.Written);
    }

    [Fact]
    public void The_private_file_is_gone_at_exit()
    {
        var file = DatabaseFile.Private();
        var path = file.Db.Database.GetDbConnection().DataSource;
        file.Write(new(true, [], ClockState.OfTheMachine));
        Assert.Equal(ClockState.OfTheMachine, file.Load(new(() => Guid.Empty)));

        file.Dispose();

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }
}
