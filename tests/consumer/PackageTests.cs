using System.Net.Sockets;
using IoTJobsEmulator.Testing;

/// <summary>What could be missing in a package: native SQLite, its own packages, the pages of Swagger UI.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task The_whole_emulator_is_in_it()
    {
        await using var emulator = await JobsEmulator.StartAsync(options =>
        {
            options.Tls = true;
            options.Settings["base-path"] = "/aws";
        }, Cancelled);
        using var http = emulator.CreateHttpClient(emulator.NewAccount());
        foreach (var path in new[] { "things", "_emulator/ready", "swagger/index.html", "swagger/emulator/swagger.json" })
        {
            using var answer = await http.GetAsync(path, Cancelled);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        }
        using var mqtt = new TcpClient("127.0.0.1", emulator.MqttPort);
        Assert.Equal(emulator.CaCertificate, await emulator.GetCaCertificateAsync(Cancelled));
    }

    [Fact]
    public async Task A_database_file_outlives_an_emulator()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-consumer-");
        try
        {
            Task<JobsEmulator> Start() => JobsEmulator.StartAsync(options => options.Settings["database"] = Path.Combine(folder.FullName, "jobs.db"), Cancelled);
            await using (var first = await Start())
                await first.Seed.RunAsync("""{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}]}""", cancellationToken: Cancelled);
            await using var second = await Start();
            Assert.Equal(1, (await second.Snapshots.TakeAsync("all", Cancelled)).Rows);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
