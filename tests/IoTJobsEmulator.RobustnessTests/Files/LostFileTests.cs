namespace IoTJobsEmulator.RobustnessTests.Files;

/// <summary>What happens to a caller when something happens to the database under the running emulator: nothing is acknowledged that is not kept.</summary>
public sealed class LostFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task The_file_is_removed() => RefusesTheNextWrite(() => File.Delete(_folder.Database));

    [Fact]
    public Task The_file_is_renamed() => RefusesTheNextWrite(() => File.Move(_folder.Database, _folder["other.db"]));

    [Fact]
    public Task The_folder_is_renamed() => RefusesTheNextWrite(() => Directory.Move(_folder["data"], _folder["elsewhere"]), "data/jobs.db");

    [Fact]
    public Task The_folder_is_removed() => RefusesTheNextWrite(() => Directory.Delete(_folder["data"], recursive: true), "data/jobs.db");

    [Fact]
    public Task The_file_is_truncated() => RefusesTheNextWrite(() => Truncate(_folder.Database));

    [Fact]
    public Task The_file_is_replaced() => RefusesTheNextWrite(() =>
    {
        File.Copy(_folder.Database, _folder["copy.db"]);
        File.Move(_folder["copy.db"], _folder.Database, overwrite: true);
    });

    [Fact]
    public Task The_log_is_removed() => RefusesTheNextWrite(() => File.Delete(_folder.Database + "-wal"));

    [Fact]
    public Task The_log_is_truncated() => RefusesTheNextWrite(() => Truncate(_folder.Database + "-wal"));

    private async Task RefusesTheNextWrite(Action harm, string database = "jobs.db")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[database])!);
        using var running = await EmulatorProcess.Start("--database", _folder[database], "--log-level", "warning");
        running.ReadToTheEnd();
        using var api = new Api(running.Url);
        await Api.Done(api.Post("/things/pump-1"));

        harm();
        var write = await api.Post("/things/pump-2");

        Assert.Equal((503, "ServiceUnavailableException"), (write.Status, write.ErrorType));
        Assert.Equal(503, (await api.Post("/things/pump-3")).Status);
        Assert.Single((await api.All("/things", "things")));
        Assert.True((await api.Get("/_emulator/ready")).IsSuccess);
        Assert.False(running.HasEnded);
    }

    private static void Truncate(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }
}
