using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Turns;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>The whole state as a file: what one emulator answers, another takes, or refuses whole.</summary>
public sealed class StateTests : IDisposable
{
    /// <summary>How many bytes SQLite's pages have.</summary>
    private const int Page = 4096;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_emulator_answers_is_the_world_of_another()
    {
        using var first = new Emulator();
        await first.Send("PUT", "/_emulator/clock", """{"now": "2030-01-01T00:00:00Z", "frozen": true}""");
        await Fill(first);
        var file = await first.Send("GET", "/_emulator/state");
        Assert.Equal((200, "application/vnd.sqlite3"), (file.Status, file.Headers["Content-Type"]));
        var shown = await Shown(first);
        await first.Send("DELETE", "/things/pump-2");

        using var second = new Emulator();
        await second.CreateThing("valve-1");
        var put = await second.SendBytes("PUT", "/_emulator/state", file.Bytes);

        Assert.Equal("""{"now":"2030-01-01T00:00:00.000Z","frozen":true,"rows":6}""", put.Body);
        Assert.Equal(shown, await Shown(second));
        using var restarted = await second.Restart();
        Assert.Equal(shown, await Shown(restarted));
    }

    [Fact]
    public async Task A_clock_that_runs_has_run_on_as_over_a_restart()
    {
        using var emulator = new Emulator();
        await emulator.Advance(TimeSpan.FromDays(1));
        var file = await emulator.Send("GET", "/_emulator/state");
        emulator.Time.Pass(TimeSpan.FromHours(1));
        await emulator.Advance(TimeSpan.FromDays(7));

        await emulator.SendBytes("PUT", "/_emulator/state", file.Bytes);

        Assert.Equal(emulator.Time.Now + TimeSpan.FromDays(1), emulator.Services.GetRequiredService<EmulatorClock>().Now.AsDateTimeOffset);
    }

    [Fact]
    public async Task Devices_stay_connected_and_hear_nothing()
    {
        using var emulator = new Emulator();
        await Fill(emulator);
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("#");
        await device.Subscribe("$aws/#");
        var file = await emulator.Send("GET", "/_emulator/state");
        await emulator.Send("DELETE", "/jobs/update-firmware?force=true");
        await device.Heard();

        Assert.Equal(200, (await emulator.SendBytes("PUT", "/_emulator/state", file.Bytes)).Status);

        Assert.Empty(await device.Heard());
        await device.Publish("$aws/things/pump-1/jobs/update-firmware/update {\"status\": \"SUCCEEDED\"}");
        Assert.Contains("$aws/things/pump-1/jobs/update-firmware/update/accepted", (await device.Heard()).Select(heard => heard.Topic));
    }

    [Theory]
    [InlineData("", "The file is not an SQLite database.")]
    [InlineData("text", "The file is not an SQLite database.")]
    [InlineData("PRAGMA application_id = 7", "The file is a database of some other program.")]
    [InlineData("PRAGMA user_version = 7", "The file was written by another version of the emulator (its schema is 00000007, this one's is ")]
    [InlineData("DROP TABLE Jobs", "The file has other tables than those of the emulator.")]
    [InlineData("CREATE VIEW Everything AS SELECT * FROM Things", "The file has other tables than those of the emulator.")]
    [InlineData("UPDATE Things SET Attributes = 'no JSON'", "The file cannot be read: ")]
    [InlineData("cut", "The file cannot be read: ")]
    [InlineData("last page", "The file is damaged: ")]
    public async Task A_file_that_is_none_of_ours_is_refused_and_changes_nothing(string harm, string message)
    {
        using var emulator = new Emulator();
        await Fill(emulator);
        var shown = await Shown(emulator);
        var file = Harmed((await emulator.Send("GET", "/_emulator/state")).Bytes, harm);

        var refusal = await emulator.SendBytes("PUT", "/_emulator/state", file);

        Assert.Equal((400, "InvalidRequestException"), (refusal.Status, refusal.ErrorType));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), refusal.Body, StringComparison.Ordinal);
        Assert.Equal(shown, await Shown(emulator));
    }

    [Fact]
    public async Task At_most_four_files_are_sent_at_once_and_each_makes_room()
    {
        using var emulator = new Emulator();
        var files = emulator.Services.GetRequiredService<StateFiles>();
        List<Stream> sent = [];
        for (var file = 0; file < StateFiles.AtOnce; file++)
            sent.Add(await files.Download());

        Assert.Equal((400, "ThrottlingException", "At most 4 state files are written and read at once"), (await emulator.Send("GET", "/_emulator/state")).Refusal);
        Assert.Equal("ThrottlingException", (await emulator.SendBytes("PUT", "/_emulator/state", [1])).ErrorType);

        await sent[0].DisposeAsync();
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/state")).Status);
        foreach (var stream in sent)
            await stream.DisposeAsync();
        for (var file = 0; file <= StateFiles.AtOnce; file++)
            Assert.Equal(400, (await emulator.SendBytes("PUT", "/_emulator/state", [1])).Status);
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/state")).Status);
    }

    private static async Task Fill(Emulator emulator)
    {
        await emulator.CreateThing("pump-1");
        await emulator.CreateThing("pump-2");
        await emulator.CreateJob("update-firmware", "pump-1");
        var elsewhere = Emulator.Signed("iot", "eu-west-1", "111122223333");
        Assert.Equal(200, (await emulator.Send("POST", "/things/pump-1", """{"attributePayload": {"attributes": {"site": "north"}}}""", elsewhere)).Status);
    }

    private static async Task<string> Shown(Emulator emulator)
    {
        var elsewhere = Emulator.Signed("iot", "eu-west-1", "111122223333");
        (string, (string, string)[])[] asked =
        [
            ("/things", []), ("/jobs/update-firmware", []), ("/things/pump-1/jobs/update-firmware", []), ("/things", [elsewhere]), ("/_emulator/clock", []),
        ];
        List<string> answers = [];
        foreach (var (path, headers) in asked)
            answers.Add((await emulator.Send("GET", path, null, headers)).Body);
        return string.Join('\n', answers);
    }

    private byte[] Harmed(byte[] file, string harm)
    {
        if (harm is "" or "text")
            return System.Text.Encoding.UTF8.GetBytes(harm);
        if (harm == "cut")
            return file[..(file.Length / 2)];
        if (harm == "last page")
        {
            Array.Fill(file, (byte)0xA5, file.Length - Page, 64);
            return file;
        }
        File.WriteAllBytes(_folder["state.db"], file);
        using (var connection = new SqliteConnection($"Data Source={_folder["state.db"]};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = harm;
            command.ExecuteNonQuery();
        }
        return File.ReadAllBytes(_folder["state.db"]);
    }
}
