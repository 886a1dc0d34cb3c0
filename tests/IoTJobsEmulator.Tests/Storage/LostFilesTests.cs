using IoTJobsEmulator.Core;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>What becomes of an open database: who may read it, who has it locked, and what happens when somebody takes it away.</summary>
public sealed class LostFilesTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "was removed, renamed or replaced")]
    [InlineData("-wal", "jobs.db-wal' was removed, renamed or replaced")]
    public async Task A_file_that_is_taken_away_is_written_to_no_more_even_if_it_is_put_back(string suffix, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets no open file go.");
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        File.Move(_folder.Database + suffix, _folder["elsewhere"]);

        await AssertRefused("pump-2");
        File.Move(_folder["elsewhere"], _folder.Database + suffix);
        await AssertRefused("pump-3");

        Assert.Equal("pump-1", fixture.ThingNames);
        Assert.Equal(1, await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Things.Count));
        Assert.Contains(message, Assert.Single(fixture.Log), StringComparison.Ordinal);

        async Task AssertRefused(string thing) => Assert.Equal(
            ServiceError.ServiceUnavailable, (await Assert.ThrowsAsync<ServiceException>(() => fixture.CreateThing(thing).AsTask())).Error);
    }

    [Fact]
    public async Task A_log_that_sqlite_has_truncated_is_no_loss()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        Assert.Equal(0, _folder.Ask<int>("PRAGMA wal_checkpoint(TRUNCATE)"));
        Assert.Equal(0, new FileInfo(_folder.Database + "-wal").Length);

        await fixture.CreateThing("pump-2");

        Assert.Equal(2, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_files()
    {
        if (OperatingSystem.IsWindows())
            return; // it has no such permissions
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");

        Assert.Equal(["jobs.db", "jobs.db-shm", "jobs.db-wal", "jobs.db.lock"], _folder.Files);
        foreach (var file in _folder.Files)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder[file]));
    }

    [Fact]
    public void The_start_says_that_it_waits_for_a_lock()
    {
        new TurnGateFixture(_folder.Database).Dispose();
        List<string> said = [];
        using var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=false");
        other.Open();
        using (var command = other.CreateCommand())
        {
            command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
        }

        using var databaseLock = DatabaseLock.Acquire(_folder.Database);
        using var opened = databaseLock.OpenDatabase(what =>
        {
            said.Add(what);
            other.Close();
        });

        Assert.Equal($"The database '{_folder.Database}' is locked by another process: waiting for it", Assert.Single(said));
    }
}
