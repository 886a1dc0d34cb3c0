using System.Text.Json.Nodes;
using IoTJobsEmulator.RobustnessTests.Mqtt;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>With <c>--database</c> a report with QoS 1 is acknowledged when it is committed, and then only.</summary>
public sealed class AcknowledgementTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_report_is_acknowledged_after_its_commit_and_before_its_response()
    {
        using var running = await EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning", "--mqtt-port", "0");
        using var line = await Line.Connected((await running.Ports())["mqtt"], "pump-1");
        running.ReadToTheEnd();
        using var api = new Api(running.Url);
        await Api.Done(api.Post("/things/pump-1"));
        await Api.Done(api.Put("/jobs/update-1", new JsonObject { ["targets"] = new JsonArray(Fleet.Arn("thing", "pump-1")), ["document"] = "{}" }));
        using (var other = new FileLock(_folder.Database))
        {
            await line.Send(PacketBytes.Publish(Level.V311, "$aws/things/pump-1/jobs/update-1/update", """{"status": "IN_PROGRESS"}"""u8, packetId: 7));
            await line.Send(PacketBytes.Ping());

            // The report has been handled, and is not committed.
            Assert.Equal(PacketBytes.PingResponse, (await line.Next())!.Type);
        }

        var acknowledgement = (await line.Next())!;
        Assert.Equal(((int)PacketBytes.PubAck, 7), (acknowledgement.Type, (int)acknowledgement.PacketId));
        Assert.Equal("$aws/things/pump-1/jobs/update-1/update/accepted", (await line.Next())!.Topic);
    }

    [Fact]
    public async Task What_waits_for_another_program_says_for_which()
    {
        using var running = await EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning");
        using var api = new Api(running.Url);
        Task<Answer> write;
        using (var other = new FileLock(_folder.Database))
        {
            write = api.Post("/things/pump-1");
            var holder = OperatingSystem.IsLinux() ? $"process {Environment.ProcessId}" : "another process";
            await running.Line("says who", line => line.Contains($"jobs.db' is locked by {holder}: waiting for it", StringComparison.Ordinal));
        }

        Assert.True((await write).IsSuccess);
    }
}
