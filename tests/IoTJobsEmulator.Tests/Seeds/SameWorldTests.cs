using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Seeds;

/// <summary>A seed brings the same world about each time, but for times and ids, whether it is sent or read at the start.</summary>
public sealed partial class SameWorldTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task A_seed_that_is_replayed_makes_the_same_world(int seed)
    {
        var text = AnySeed(new(seed)).ToJsonString();
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["seed.json"], text, TestContext.Current.CancellationToken);

        using var first = new Emulator();
        Assert.Equal("", await Send(first, text));
        using var second = new Emulator();
        await second.CreateThing("another-id");
        await second.Send("POST", "/_emulator/reset");
        second.Time.Pass(TimeSpan.FromHours(1000));
        Assert.Equal("", await Send(second, text));
        using var third = new Emulator(("seed", folder["seed.json"]));
        await third.RunDueWork();

        var world = WorldOf(first);
        Assert.Contains(world, row => row.StartsWith("JobExecution ", StringComparison.Ordinal));
        Assert.Equal(world, WorldOf(second));
        Assert.Equal(world, WorldOf(third));
        await third.Send("POST", "/_emulator/reset?seed=true");
        Assert.Equal(world, WorldOf(third));
    }

    [Fact]
    public async Task Other_worlds_are_told_apart()
    {
        using var one = new Emulator();
        using var other = new Emulator();
        await Send(one, AnySeed(new(1)).ToJsonString());
        await Send(other, AnySeed(new(2)).ToJsonString());
        Assert.NotEqual(WorldOf(one), WorldOf(other));
    }

    private static async Task<string> Send(Emulator emulator, string seed) =>
        await emulator.Send("POST", "/_emulator/seed", seed) is { Status: not 200 } refusal ? refusal.Body : "";

    /// <summary>Calls that are all answered: things in groups, jobs of groups and of things, what devices report, time that passes, and what is ended.</summary>
    private static JsonObject AnySeed(Random chance)
    {
        var calls = new JsonArray();
        var (things, groups, jobs) = (chance.Next(5, 15), chance.Next(1, 4), chance.Next(2, 5));
        Add("SetClock", new { now = "2030-01-01T00:00:00Z", frozen = true });
        calls.Add(Call("CreateThing", new { thingName = "pump-${n}" }, repeat: things));
        for (var group = 1; group <= groups; group++)
        {
            calls.Add(Call("CreateThingGroup", new { thingGroupName = $"group-{group}" }, save: $"group{group}"));
            for (var thing = 1; thing <= things; thing++)
            {
                if (chance.Next(2) == 0)
                    Add("AddThingToThingGroup", new { thingName = $"pump-{thing}", thingGroupName = $"group-{group}" });
            }
        }
        calls.Add(Call("CreateDynamicThingGroup", new { thingGroupName = "odd", queryString = "thingName:pump-1*" }, save: "odd"));
        for (var job = 1; job <= jobs; job++)
        {
            Add("CreateJob", new
            {
                jobId = $"job-{job}",
                document = "{}",
                targets = (string[])["${odd.thingGroupArn}", $"${{group{chance.Next(1, groups + 1)}.thingGroupArn}}"],
                targetSelection = chance.Next(2) == 0 ? "CONTINUOUS" : "SNAPSHOT",
                jobExecutionsRolloutConfig = new { maximumPerMinute = chance.Next(1, 5) },
                timeoutConfig = new { inProgressTimeoutInMinutes = chance.Next(1, 60) },
                jobExecutionsRetryConfig = new { criteriaList = new[] { new { failureType = "ALL", numberOfRetries = chance.Next(1, 3) } } },
            });
        }
        for (var round = 0; round < 10; round++)
        {
            Add("StartNextPendingJobExecution", new { thingName = $"pump-{chance.Next(1, things + 1)}" });
            // A thing whose first execution is in progress is always there: its report needs no luck.
            calls.Add(Call("StartNextPendingJobExecution", new { thingName = "pump-1" }, save: "started"));
            Add("UpdateJobExecution", new
            {
                thingName = "pump-1",
                jobId = "${started.execution.jobId}",
                status = "IN_PROGRESS",
                statusDetails = new Dictionary<string, string> { ["step"] = round.ToString(CultureInfo.InvariantCulture) },
            });
            if (round < 3)
                Add("AdvanceClock", new { by = $"{chance.Next(1, 50)}s" });
        }
        Add("AdvanceClock", new { by = $"{chance.Next(1, 3000)}m" });
        Add("CancelJob", new { jobId = "job-1", force = true });
        Add("DeleteJob", new { jobId = "job-2", force = true });
        Add("DeleteThing", new { thingName = $"pump-{things}" });
        return new() { ["account"] = "111122223333", ["calls"] = calls };

        void Add(string operation, object input) => calls.Add(Call(operation, input));
    }

    private static JsonObject Call(string operation, object input, int? repeat = null, string? save = null)
    {
        var call = new JsonObject { ["operation"] = operation, ["input"] = JsonSerializer.SerializeToNode(input) };
        if (repeat is not null)
            call["repeat"] = repeat;
        if (save is not null)
            call["save"] = save;
        return call;
    }

    private static List<string> WorldOf(Emulator emulator) => emulator.Turns.InTurn(world => world.Realms
        .SelectMany(realm => realm.Tables, (realm, table) => (realm, table))
        .SelectMany(pair => pair.table.Rows, (pair, row) => $"{pair.table.RowType.Name} {pair.realm.Tenant} {Id().Replace(JsonSerializer.Serialize(row, row.GetType(), WithoutTimes), "(id)")}")
        .Order(StringComparer.Ordinal)
        .ToList());

    private static readonly JsonSerializerOptions WithoutTimes = new(WireJson.Options) { Converters = { new NoTime() } };

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    private sealed class NoTime : JsonConverter<Moment>
    {
        public override Moment Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Moment value, JsonSerializerOptions options) => writer.WriteStringValue("(time)");
    }
}
