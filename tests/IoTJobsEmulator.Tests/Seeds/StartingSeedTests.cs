using System.Collections;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests.Seeds;

/// <summary>The seed of the settings: at the start, into an empty world only, and after a reset.</summary>
public sealed class StartingSeedTests : IDisposable
{
    private const string Pump = """{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}]}""";
    private const string Refused = """
        {"calls": [
          {"operation": "CreateThing", "input": {"thingName": "pump-1"}},
          {"operation": "AddThingToThingGroup", "input": {"thingName": "pump-1", "thingGroupName": "pumps"}}
        ]}
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_world_is_there_when_the_emulator_is_ready()
    {
        using var emulator = await EmulatorProcess.Start("--seed", Write("seed.json", Pump));
        using var client = new HttpClient();
        Assert.Contains("\"pump-1\"", await client.GetStringAsync(new Uri(emulator.Url, "/things"), Cancelled), StringComparison.Ordinal);
        Assert.Equal(0, await emulator.Terminate());
    }

    [Fact]
    public async Task URLs_for_the_devices_of_its_jobs_have_the_port_that_is_opened_after_it()
    {
        var file = Write("seed.json", """
            {"calls": [
              {"operation": "CreateThing", "input": {"thingName": "pump-1"}},
              {"operation": "CreateJob", "input": {
                "jobId": "update-firmware", "targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],
                "document": "{\"download\": \"${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/firmware/1.2.bin}\"}",
                "presignedUrlConfig": {"roleArn": "arn:aws:iam::123456789012:role/download"}}}
            ]}
            """);
        string[] ports = ["--port=0", "--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off"];
        var options = EmulatorOptions.Read([.. ports, "--seed=" + file, "--documents=" + Directory.CreateDirectory(_folder["objects"]).FullName], new Hashtable());
        await using var host = EmulatorHost.Build(options, Stream.Null);
        await host.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = host.Address };

        var messages = await client.GetStringAsync(new Uri("/_emulator/messages?topic=$aws/things/pump-1/jobs/notify-next", UriKind.Relative), Cancelled);

        Assert.Contains($"\"http://localhost:{host.Address!.Port}/_emulator/documents/firmware/1.2.bin?", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_of_a_folder_are_one_seed_in_the_order_of_their_names()
    {
        Write("seed/20-jobs.json", """{"calls": [{"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${group.thingGroupArn}"], "document": "{}"}}]}""");
        Write("seed/Things.json", """{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}, {"operation": "AddThingToThingGroup", "input": {"thingName": "pump-1", "thingGroupName": "pumps"}}]}""");
        Write("seed/10-groups.json", """{"calls": [{"operation": "CreateThingGroup", "input": {"thingGroupName": "pumps"}, "save": "group"}]}""");
        Write("seed/notes.txt", "no seed");
        using var emulator = new Emulator(("seed", _folder["seed"]));
        Assert.Equal("pump-1", await Things(emulator));
        Assert.Equal("COMPLETED", (string?)(await emulator.Send("GET", "/jobs/update-firmware")).Json["job"]!["status"]); // the group was empty then
    }

    [Fact]
    public async Task A_refused_call_stops_the_start_and_leaves_an_empty_database()
    {
        var file = Write("seed.json", Refused);
        var (exitCode, output, error) = await EmulatorProcess.RunToExit("--port", "0", "--database", _folder.Database, "--seed", file);
        Assert.Equal((1, $"{file}: call 2, AddThingToThingGroup (ResourceNotFoundException): Thing group pumps cannot be found."), (exitCode, error.Trim()));
        Assert.DoesNotContain("Listening", output, StringComparison.Ordinal);
        Assert.Equal(0, _folder.Ask<long>("SELECT count(*) FROM Things"));
        Assert.Equal(["jobs.db", "jobs.db.lock", "seed.json"], _folder.Files);

        Write("seed.json", Pump);
        using var emulator = await EmulatorProcess.Start("--database", _folder.Database, "--seed", file);
        await emulator.Terminate();
        Assert.Equal(1, _folder.Ask<long>("SELECT count(*) FROM Things"));
    }

    [Theory]
    [InlineData("""{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}""", "The seed is not valid JSON: line 1, byte 74")]
    [InlineData("[]", "The seed must be a JSON object")]
    [InlineData("", "1 validation error detected: Value null at 'calls' failed to satisfy constraint: Member must not be null")]
    [InlineData("""{"call": []}""", "1 validation error detected: 'call' is unknown")]
    public async Task A_file_that_is_no_seed_stops_the_start(string text, string message)
    {
        var file = Write("seed.json", text);
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--seed", file);
        Assert.Equal((1, $"{file}: {message}"), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task A_seed_that_is_not_there_is_refused_as_a_setting()
    {
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--seed", _folder["none.json"]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"--seed: '{_folder["none.json"]}' is not a file or a folder.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_empty_is_left_as_it_is()
    {
        var file = Write("seed.json", Pump);
        using (var first = await EmulatorProcess.Start("--database", _folder.Database))
        {
            using var client = new HttpClient();
            using var created = await client.PostAsync(new Uri(first.Url, "/things/valve-1"), null, Cancelled);
            Assert.True(created.IsSuccessStatusCode);
            await first.Terminate();
        }
        using var second = EmulatorProcess.Begin("--port", "0", "--database", _folder.Database, "--seed", file);
        Assert.Contains($"The seed {file} is skipped, because {_folder.Database} is not empty",
            await second.Line("speaks of the seed", line => line.Contains("The seed", StringComparison.Ordinal)), StringComparison.Ordinal);
        await second.Listening();
        await second.Terminate();
        Assert.Equal("valve-1", _folder.Ask<string>("SELECT group_concat(ThingName) FROM Things"));
    }

    [Fact]
    public async Task An_emulator_that_was_killed_while_it_was_seeded_begins_again()
    {
        var emulator = new Emulator(("seed", Write("seed.json", Pump)));
        await emulator.CreateThing("half-of-a-seed");
        Assert.False(File.Exists(emulator.Files.Database + ".seeding"));
        await File.WriteAllTextAsync(emulator.Files.Database + ".seeding", "", Cancelled); // as a kill would leave it
        await using var restarted = await emulator.Restart();
        Assert.Equal("pump-1", await Things(restarted));
        Assert.False(File.Exists(restarted.Files.Database + ".seeding"));
    }

    [Fact]
    public async Task A_reset_begins_with_the_seed_as_it_is_in_the_file_now()
    {
        var file = Write("seed.json", Pump);
        using var emulator = new Emulator(("seed", file));
        await emulator.CreateThing("pump-2");
        await emulator.Send("POST", "/_emulator/reset?seed=true");
        Assert.Equal("pump-1", await Things(emulator));

        Write("seed.json", Pump.Replace("pump-1", "pump-3", StringComparison.Ordinal));
        await emulator.Send("POST", "/_emulator/reset?seed=true");
        Assert.Equal("pump-3", await Things(emulator));

        await emulator.Send("POST", "/_emulator/reset?seed=false");
        Assert.Equal("", await Things(emulator));
    }

    [Fact]
    public async Task A_reset_with_a_seed_that_cannot_be_read_changes_nothing_and_with_one_that_is_refused_leaves_an_empty_world()
    {
        var file = Write("seed.json", Pump);
        using var emulator = new Emulator(("seed", file));
        await emulator.CreateThing("pump-2");
        Write("seed.json", "{");
        Assert.Equal((400, "InvalidRequestException", $"{file}: The seed is not valid JSON: line 1, byte 2"), (await emulator.Send("POST", "/_emulator/reset?seed=true")).Refusal);
        Assert.Equal("pump-1 pump-2", await Things(emulator));

        File.Delete(file);
        Assert.StartsWith($"The seed {file} cannot be read: ", (await emulator.Send("POST", "/_emulator/reset?seed=true")).Message, StringComparison.Ordinal);
        Assert.Equal("pump-1 pump-2", await Things(emulator));

        Write("seed.json", Refused);
        var answer = await emulator.Send("POST", "/_emulator/reset?seed=true");
        Assert.Equal((400, "2", "ResourceNotFoundException"), (answer.Status, (string?)answer.Json["call"], (string?)answer.Json["error"]));
        Assert.Equal("", await Things(emulator));
    }

    [Fact]
    public async Task The_seed_of_the_container_makes_a_fleet_with_two_jobs()
    {
        using var emulator = new Emulator(("seed", Path.Combine(Repository.Root, "docker", "seed")));
        Assert.Equal("pump-1 pump-2 pump-3", await Things(emulator));
        Assert.Equal(2, (await emulator.Send("GET", "/jobs")).Json["jobs"]!.AsArray().Count);
        Assert.Equal(2, (await emulator.Send("GET", "/iot-jobs-data/things/pump-3/jobs")).Json["queuedJobs"]!.AsArray().Count);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<string> Things(Emulator emulator) =>
        string.Join(' ', (await emulator.Send("GET", "/things")).Json["things"]!.AsArray().Select(thing => (string?)thing!["thingName"]));

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }
}
