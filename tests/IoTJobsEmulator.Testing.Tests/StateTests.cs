using System.Text;
using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>Known states by the typed client: snapshots, the state as a file, seeds, and the file at the end.</summary>
public sealed class StateTests : PumpTest
{
    private const string Seed = """
        {"calls": [
          // the pump and its job
          {"operation": "CreateThing", "input": {"thingName": "pump-1"}, "save": "pump"},
          {"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${pump.thingArn}"], "document": "{}"}},
          {"repeat": 3, "operation": "CreateThing", "input": {"thingName": "valve-${n}"}},
        ]}
        """;

    [Fact]
    public async Task Snapshots_are_taken_listed_restored_and_removed()
    {
        var now = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await Client.Clock.FreezeAsync(now, Cancelled);
        var taken = await Client.Snapshots.TakeAsync("one-pump", Cancelled);
        Assert.Equal(new Snapshot("one-pump", now, Frozen: true, Rows: 1), taken);
        await Client.Snapshots.TakeAsync("a:b_c.d-e", Cancelled);
        Assert.Equal(["a:b_c.d-e", "one-pump"], (await Client.Snapshots.ListAsync(Cancelled)).Select(snapshot => snapshot.Name));

        await Client.Clock.RunAsync(Cancelled);
        await Fleet.CreateJob("update-firmware", "pump-1");
        Assert.Equal(taken, await Client.Snapshots.RestoreAsync("one-pump", Cancelled));
        Assert.Equal(new ClockState(now, Frozen: true), await Client.Clock.GetAsync(Cancelled));
        await Assert.ThrowsAsync<HttpRequestException>(() => Fleet.StatusOf("update-firmware"));

        Assert.Equal(taken, await Client.Snapshots.DeleteAsync("one-pump", Cancelled));
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => Client.Snapshots.RestoreAsync("one-pump", Cancelled));
        Assert.Equal((404, "ResourceNotFoundException", null), (refused.StatusCode, refused.ErrorCode, refused.SeedCall));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.Snapshots.DeleteAsync("..", Cancelled));
    }

    [Fact]
    public async Task The_state_is_a_file_that_anotherEmulator_takes()
    {
        using var file = new MemoryStream();
        await Client.State.GetAsync(file, Cancelled);
        Assert.StartsWith("SQLite format 3", Encoding.ASCII.GetString(file.ToArray(), 0, 16), StringComparison.Ordinal);

        await using var other = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        Assert.Equal((false, 1), await other.State.PutAsync(new MemoryStream(file.ToArray()), Cancelled) is var state ? (state.Frozen, state.Rows) : default);
        Assert.Equal(1, await ThingsOf(other, Fleet.Account));

        var refused = await Assert.ThrowsAsync<EmulatorException>(() => other.State.PutAsync(new MemoryStream("no file"u8.ToArray()), Cancelled));
        Assert.Equal((400, "InvalidRequestException"), (refused.StatusCode, refused.ErrorCode));
        Assert.Equal(1, await ThingsOf(other, Fleet.Account));
    }

    [Fact]
    public async Task A_seed_is_run_from_a_text_in_an_account()
    {
        var account = Client.NewAccount("eu-west-1");
        var result = await Client.Seed.RunAsync(Seed, account, Cancelled);
        Assert.Equal(5, result.Calls);
        Assert.Equal([(1, "CreateThing", null), (2, "CreateJob", null), (3, "CreateThing", (int?)3)], result.Results.Select(call => (call.Call, call.Operation, call.Count)));
        Assert.Equal(account.ThingArn("pump-1"), result.Results[0].Output!.Value.GetProperty("thingArn").GetString());
        Assert.Null(result.Results[2].Output);
        Assert.Equal((4, 1), (await ThingsOf(Client, account), await ThingsOf(Client, Fleet.Account)));
    }

    [Fact]
    public async Task A_seed_is_run_from_a_file()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-tests-");
        try
        {
            var path = Path.Combine(folder.FullName, "seed.json");
            await File.WriteAllTextAsync(path, Seed, Cancelled);
            var account = Client.NewAccount();
            Assert.Equal(5, (await Client.Seed.RunFileAsync(path, account, Cancelled)).Calls);
            Assert.Equal(4, await ThingsOf(Client, account));
            await Assert.ThrowsAsync<FileNotFoundException>(() => Client.Seed.RunFileAsync(path + ".none", cancellationToken: Cancelled));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_refusal_of_a_seed_names_the_call()
    {
        var account = Client.NewAccount();
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => Client.Seed.RunAsync(
            """
            {"calls": [
              {"operation": "CreateThing", "input": {"thingName": "pump-1"}},
              {"repeat": 2, "operation": "UpdateJobExecution", "input": {"thingName": "pump-${n}", "jobId": "none", "status": "SUCCEEDED"}}]}
            """,
            account, Cancelled));
        Assert.Equal(new RefusedSeedCall(2, 1, "UpdateJobExecution", "ResourceNotFoundException"), refused.SeedCall);
        Assert.Equal(400, refused.StatusCode);
        Assert.Contains("The call before it stays.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ThingsOf(Client, account));

        var form = await Assert.ThrowsAsync<EmulatorException>(() => Client.Seed.RunAsync("""{"calls": [{"operation": "CreateThing", "input": {"name": "pump-2"}}]}""", account, Cancelled));
        Assert.Equal((1, null, "CreateThing"), (form.SeedCall!.Call, form.SeedCall.N, form.SeedCall.Operation));
        Assert.Null((await Assert.ThrowsAsync<EmulatorException>(() => Client.Seed.RunAsync("no JSON", account, Cancelled))).SeedCall);
    }

    [Fact]
    public async Task At_the_start_and_at_the_end_there_are_files()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-tests-");
        try
        {
            var (seed, export) = (Path.Combine(folder.FullName, "seed.json"), Path.Combine(folder.FullName, "world.db"));
            await File.WriteAllTextAsync(seed, """{"calls": [{"operation": "DeleteJob", "input": {"jobId": "none"}}]}""", Cancelled);
            var refused = await Assert.ThrowsAsync<EmulatorException>(() => JobsEmulator.StartAsync(options => options.Settings["seed"] = seed, Cancelled));
            Assert.StartsWith($"{seed}: call 1, DeleteJob (ResourceNotFoundException): ", refused.Message, StringComparison.Ordinal);

            await File.WriteAllTextAsync(seed, Seed, Cancelled);
            var first = await JobsEmulator.StartAsync(options => (options.Settings["seed"], options.Settings["export"]) = (seed, export), Cancelled);
            await first.ResetAsync(Cancelled);
            Assert.Equal(0, await ThingsOf(first, new("123456789012", "us-east-1")));
            await first.ResetAndSeedAsync(Cancelled);
            await first.DisposeAsync();
            await first.DisposeAsync();
            await using var second = await JobsEmulator.StartAsync(options => options.Settings["import"] = export, Cancelled);
            Assert.Equal(4, await ThingsOf(second, new("123456789012", "us-east-1")));

            await second.ResetAsync(Cancelled);
            Assert.StartsWith("InvalidRequestException (400): ", (await Assert.ThrowsAsync<EmulatorException>(() => second.ResetAndSeedAsync(Cancelled))).Message, StringComparison.Ordinal);
            export = Path.Combine(folder.FullName, "none", "world.db");
            await Assert.ThrowsAsync<EmulatorException>(() => JobsEmulator.StartAsync(options => options.Settings["export"] = export, Cancelled));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_end_that_cannot_write_its_file_says_so_and_is_an_end()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-tests-");
        var emulator = await JobsEmulator.StartAsync(options => options.Settings["export"] = Path.Combine(folder.FullName, "world.db"), Cancelled);
        folder.Delete(recursive: true);
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => emulator.DisposeAsync().AsTask());
        Assert.Contains("world.db", refused.Message, StringComparison.Ordinal);
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(emulator.ServiceUrl, Cancelled));
        await emulator.DisposeAsync();
    }

    private static async Task<int> ThingsOf(EmulatorClient emulator, EmulatorAccount account)
    {
        using var http = emulator.CreateHttpClient(account);
        using var things = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri("things", UriKind.Relative), Cancelled));
        return things.RootElement.GetProperty("things").GetArrayLength();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
