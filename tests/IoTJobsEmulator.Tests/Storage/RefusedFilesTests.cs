using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>A file that this version of the emulator did not write is refused with a clear message, and left untouched.</summary>
public sealed class RefusedFilesTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("short", "is not an SQLite database")]
    [InlineData("Minutes of the meeting, at some length: nothing was decided, and all went home. The next meeting will be like this one.", "is not an SQLite database")]
    public void A_file_that_is_no_database(string content, string message)
    {
        File.WriteAllText(_folder.Database, content);

        AssertRefused(message);
    }

    [Fact]
    public void A_database_of_another_program()
    {
        _folder.Ask<string>("CREATE TABLE addresses (name TEXT); PRAGMA journal_mode = WAL");

        AssertRefused("is a database of some other program");
    }

    [Fact]
    public async Task A_database_of_another_schema_version()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
            await fixture.CreateThing("pump-1");
        _folder.Ask<int>("PRAGMA user_version = 7");
        File.Delete(_folder.Database + ".lock");

        AssertRefused("was written by another version of the emulator (its schema is 00000007,");
    }

    [Fact]
    public async Task A_database_that_is_damaged()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
            await fixture.CreateThing("pump-1");
        using (var file = File.OpenWrite(_folder.Database))
            file.SetLength(8192);

        Assert.Contains("cannot be", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_another_emulator_has_open()
    {
        using var owner = new TurnGateFixture(_folder.Database);
        await owner.CreateThing("pump-1");

        Assert.Contains("is in use by another emulator", Refusal().Message, StringComparison.Ordinal);

        await owner.CreateThing("pump-2");
        Assert.Equal(2, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));
    }

    [Fact]
    public void A_database_that_another_emulator_has_open_under_another_name()
    {
        using var owner = new TurnGateFixture(_folder.Database);
        File.CreateSymbolicLink(_folder["link.db"], _folder.Database);

        Assert.Contains("is in use", Assert.Throws<StorageException>(() => new TurnGateFixture(_folder["link.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_a_file_in_a_folder_that_is_not_there()
    {
        Assert.Contains("is a folder", Assert.Throws<StorageException>(() => new TurnGateFixture(Path.GetDirectoryName(_folder.Database))).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<StorageException>(() => new TurnGateFixture(_folder["nowhere/jobs.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_a_new_database()
    {
        File.Create(_folder.Database).Dispose();
        using var fixture = new TurnGateFixture(_folder.Database);

        await fixture.CreateThing("pump-1");

        Assert.Equal(1, _folder.Ask<int>("SELECT COUNT(*) FROM Things"));
    }

    private StorageException Refusal() => Assert.Throws<StorageException>(() => new TurnGateFixture(_folder.Database));

    private void AssertRefused(string message)
    {
        var (bytes, files) = (File.ReadAllBytes(_folder.Database), _folder.Files.ToArray());

        var refusal = Refusal();

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("It was left as it is", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.Database));
        Assert.Equal(files, _folder.Files);
    }
}
