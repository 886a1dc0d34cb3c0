using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Files;

/// <summary>What the emulator must not start on, and says so by the file's name.</summary>
public sealed class RefusedStartTests : IDisposable
{
    /// <summary>How many bytes SQLite's pages have.</summary>
    private const int Page = 4096;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_database_that_another_emulator_has_open_by_any_name()
    {
        using var owner = await EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning");
        owner.ReadToTheEnd();
        Directory.CreateDirectory(_folder["deeper"]);
        File.CreateSymbolicLink(_folder["symbolic.db"], _folder.Database);
        Directory.CreateSymbolicLink(_folder["deeper/link"], Path.GetDirectoryName(_folder.Database)!);

        await AssertRefused(_folder.Database, OperatingSystem.IsLinux() ? $"in use by another emulator, process {owner.Id}" : "in use by another emulator");
        await AssertRefused(_folder["symbolic.db"]);
        await AssertRefused(_folder["deeper/link/jobs.db"]);
        Assert.True(await TestFolder.Succeeds("ln", _folder.Database, _folder["hard.db"]));
        await AssertRefused(_folder["hard.db"], "in use by another emulator under another name");

        using var api = new Api(owner.Url);
        Assert.True((await api.Post("/things/pump-1")).IsSuccess);
    }

    [Fact]
    public async Task A_file_that_is_cut_or_damaged()
    {
        await Fill();
        var whole = await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken);

        await AssertRefusedAndLeft(whole[..50]);
        await AssertRefusedAndLeft(whole[..8192]);
        await AssertRefusedAndLeft([.. whole[..16], .. new byte[84], .. whole[100..]]);
        await AssertRefusedAndLeft(whole[..(whole.Length / 2)]);
        await AssertRefusedAndLeft(whole[..^Page]);
    }

    [Fact]
    public async Task A_file_without_the_log_that_it_needs_is_warned_of()
    {
        using (var killed = await EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning"))
        {
            using var api = new Api(killed.Url);
            await Api.Done(api.Post("/things/pump-1"));
            killed.Kill();
        }
        File.Delete(_folder.Database + "-wal");

        using var started = EmulatorProcess.Begin("--database", _folder.Database, "--log-level", "warning");
        await started.Line("warns", line => line.Contains("was not closed, and its '-wal' is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_on_a_disk_that_is_read_only()
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        Assert.SkipUnless(await TestFolder.Succeeds("mount", "-t", "tmpfs", "tmpfs", disk), "Only root may make a small disk.");
        try
        {
            var database = Path.Combine(disk, "jobs.db");
            using (var running = await EmulatorProcess.Start("--database", database, "--log-level", "warning"))
                Assert.Equal(0, await running.Terminate());
            Assert.True(await TestFolder.Succeeds("mount", "-o", "remount,ro", disk));

            await AssertRefused(database, "cannot be used: Read-only file system");
        }
        finally
        {
            Assert.True(await TestFolder.Succeeds("umount", disk));
        }
    }

    [Fact]
    public async Task A_file_with_one_damaged_page()
    {
        await Fill();
        var whole = await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken);
        for (var page = 1; page < whole.Length / Page; page += 5)
        {
            var damaged = (byte[])whole.Clone();
            Array.Fill(damaged, (byte)0xA5, page * Page, 64);
            if (await IsDamaged(damaged))
                await AssertRefusedAndLeft(damaged);
        }
    }

    /// <summary>A page that is free may hold anything.</summary>
    private async Task<bool> IsDamaged(byte[] file)
    {
        await File.WriteAllBytesAsync(_folder["judged.db"], file, TestContext.Current.CancellationToken);
        try
        {
            return TestFolder.Ask(_folder["judged.db"], "PRAGMA integrity_check") is not "ok";
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return true;
        }
    }

    /// <summary>A file of a few hundred pages, closed in good order.</summary>
    private async Task Fill()
    {
        using var running = await EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning");
        using var api = new Api(running.Url);
        for (var thing = 0; thing < 100; thing++)
        {
            await Api.Done(api.Post($"/things/pump-{thing}", new JsonObject { ["attributePayload"] = new JsonObject { ["attributes"] = new JsonObject { ["a"] = new string('x', 800) } } }));
            await Api.Done(api.Put($"/jobs/job-{thing}", new JsonObject { ["targets"] = new JsonArray(Crash.Fleet.Arn("thing", $"pump-{thing}")), ["document"] = "{}" }));
        }
        Assert.Equal(0, await running.Terminate());
    }

    private async Task AssertRefusedAndLeft(byte[] file)
    {
        foreach (var beside in Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!, "jobs.db-*"))
            File.Delete(beside);
        await File.WriteAllBytesAsync(_folder.Database, file, TestContext.Current.CancellationToken);
        await AssertRefused(_folder.Database);
        Assert.Equal(file, await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken));
    }

    private static async Task AssertRefused(string database, string reason = "")
    {
        using var running = EmulatorProcess.Begin("--database", database, "--log-level", "warning");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(running.Listening);
        Assert.Contains(Path.GetFileName(database), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
    }
}
