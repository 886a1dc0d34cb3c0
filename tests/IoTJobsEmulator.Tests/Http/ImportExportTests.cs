using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>A world that comes from a file at the start and goes into one at the end, in a process of its own.</summary>
public sealed class ImportExportTests : IDisposable
{
    private readonly Folder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_exported_at_the_end_is_imported_and_not_changed()
    {
        using (var first = await EmulatorProcess.Start("--export", _folder["world.db"]))
        {
            await Create(first, "pump-1");
            Assert.Equal(0, await first.Terminate());
        }
        Assert.Equal(["world.db"], _folder.Files);
        var file = await File.ReadAllBytesAsync(_folder["world.db"], Cancelled);

        using (var second = await EmulatorProcess.Start("--import", _folder["world.db"], "--export", _folder["next.db"]))
        {
            Assert.Equal("pump-1", await ThingNames(second));
            await Create(second, "pump-2");
            Assert.Equal(0, await second.Terminate());
        }

        Assert.Equal(file, await File.ReadAllBytesAsync(_folder["world.db"], Cancelled));
        Assert.Equal(["next.db", "world.db"], _folder.Files);
        // What is exported is also a database, and may take the place of what was imported.
        using (var third = await EmulatorProcess.Start("--import", _folder["next.db"], "--export", _folder["next.db"]))
        {
            await Create(third, "pump-3");
            Assert.Equal(0, await third.Terminate());
        }
        using var fourth = await EmulatorProcess.Start("--database", _folder["next.db"]);
        Assert.Equal("pump-1 pump-2 pump-3", await ThingNames(fourth));
    }

    [Fact]
    public async Task The_database_of_an_emulator_that_was_killed_is_imported_and_left_but_not_one_that_is_open()
    {
        using (var killed = await EmulatorProcess.Start("--database", _folder.Database))
        {
            await Create(killed, "pump-1");
            var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--import", _folder.Database);
            Assert.Equal(1, exitCode);
            Assert.Contains("is in use by another emulator", error, StringComparison.Ordinal);
            killed.Kill();
        }
        var (files, bytes) = (_folder.Files.ToArray(), await File.ReadAllBytesAsync(_folder.Database, Cancelled));

        using (var imported = await EmulatorProcess.Start("--import", _folder.Database))
            Assert.Equal("pump-1", await ThingNames(imported));

        Assert.Equal(files, _folder.Files);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder.Database, Cancelled));
    }

    [Fact]
    public async Task A_file_of_something_else_is_neither_read_nor_replaced()
    {
        await File.WriteAllTextAsync(_folder["notes.txt"], "Minutes of the meeting", Cancelled);
        Assert.Contains("notes.txt' is not an SQLite database.", await Refusal("--import", _folder["notes.txt"]), StringComparison.Ordinal);
        Assert.Contains("notes.txt': the file that is there is not an SQLite database.", await Refusal("--export", _folder["notes.txt"]), StringComparison.Ordinal);
        Assert.Contains("its folder does not exist.", await Refusal("--export", _folder["nowhere/world.db"]), StringComparison.Ordinal);
        Assert.Contains("it is a folder.", await Refusal("--export", Path.GetDirectoryName(_folder.Database)!), StringComparison.Ordinal);
        using (var open = await EmulatorProcess.Start("--database", _folder.Database))
            Assert.Contains("it is a database that is open, or was not closed.", await Refusal("--export", _folder.Database), StringComparison.Ordinal);
        Assert.Equal("Minutes of the meeting", await File.ReadAllTextAsync(_folder["notes.txt"], Cancelled));
    }

    [Fact]
    public async Task An_export_that_cannot_be_written_is_told_by_the_exit_code()
    {
        using var emulator = await EmulatorProcess.Start("--export", _folder["world.db"]);
        await Create(emulator, "pump-1");
        Directory.CreateDirectory(_folder["world.db"]);

        Assert.Equal(1, await emulator.Terminate());
        Assert.Equal(["world.db"], Directory.GetDirectories(Path.GetDirectoryName(_folder.Database)!).Select(Path.GetFileName));
    }

    private static async Task<string> Refusal(params string[] arguments)
    {
        var (exitCode, _, error) = await EmulatorProcess.RunToExit(["--port", "0", .. arguments]);
        Assert.Equal(1, exitCode);
        return error;
    }

    private static async Task Create(EmulatorProcess emulator, string thing)
    {
        using var http = new HttpClient { BaseAddress = emulator.Url };
        using var created = await http.PostAsync($"/things/{thing}", null, Cancelled);
        created.EnsureSuccessStatusCode();
    }

    private static async Task<string> ThingNames(EmulatorProcess emulator)
    {
        using var http = new HttpClient { BaseAddress = emulator.Url };
        var things = (await http.GetFromJsonAsync<JsonObject>("/things", Cancelled))!["things"]!.AsArray();
        return string.Join(' ', things.Select(thing => (string?)thing!["thingName"]));
    }
}
