using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Files;

/// <summary>When the file cannot grow, callers are told, nothing acknowledged is lost, and the process lives.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int MostThings = 5_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The limit of a process ends it with SIGXFSZ unless it says otherwise. The runtime's own protection of code needs a large file in memory,
    /// which the limit would refuse.
    /// </summary>
    [Fact]
    public Task The_process_may_not_write_larger_files() => FillUp(_folder.Database, "export DOTNET_EnableWriteXorExecute=0; ulimit -f 400");

    [Fact]
    public async Task The_disk_is_full()
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        Assert.SkipUnless(await TestFolder.Succeeds("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk), "Only root may make a small disk.");
        try
        {
            await FillUp(Path.Combine(disk, "jobs.db"), ":");
        }
        finally
        {
            Assert.True(await TestFolder.Succeeds("umount", disk));
        }
    }

    private static async Task FillUp(string database, string command)
    {
        var kept = 0;
        using (var running = await EmulatorProcess.StartBehind(command, "--database", database, "--log-level", "error"))
        {
            running.ReadToTheEnd();
            using var api = new Api(running.Url);
            Answer answer;
            while ((answer = await Create(api, kept)).IsSuccess && kept < MostThings)
                kept++;
            Assert.Equal((503, "ServiceUnavailableException"), (answer.Status, answer.ErrorType));
            Assert.NotEqual("", answer.Text("message"));

            // What was refused is not there, what was acknowledged is, and it goes on answering.
            Assert.Equal(404, (await api.Get($"/things/pump-{kept}")).Status);
            Assert.Equal(503, (await Create(api, kept)).Status);
            Assert.Equal(kept, (await api.All("/things", "things")).Count);
            Assert.False(running.HasEnded);
            running.Kill();
        }

        using var again = await EmulatorProcess.Start("--database", database, "--log-level", "error");
        using var asked = new Api(again.Url);
        Assert.Equal(kept, (await asked.All("/things", "things")).Count);
        again.Kill();
    }

    private static Task<Answer> Create(Api api, int number) => api.Post(string.Create(CultureInfo.InvariantCulture, $"/things/pump-{number}"),
        new JsonObject { ["attributePayload"] = new JsonObject { ["attributes"] = new JsonObject { ["a"] = new string('x', 800) } } });
}
