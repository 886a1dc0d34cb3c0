using System.Text.Json.Nodes;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Faults;

/// <summary>What a fault does at each of its moments, and that no operation is left half done.</summary>
public sealed class FaultTests
{
    private const string Job = "/iot-jobs-data/things/pump-1/jobs/update-firmware", Update = "$aws/things/pump-1/jobs/update-firmware/update";

    [Theory]
    [InlineData("""{"operation": "UpdateJobExecution", "error": "ServiceUnavailableException"}""", false)]
    [InlineData("""{"operation": "UpdateJobExecution", "error": "InvalidStateTransitionException"}""", false)]
    [InlineData("""{"operation": "UpdateJobExecution", "error": {"statusCode": 500, "code": "Odd"}}""", false)]
    [InlineData("""{"operation": "UpdateJobExecution", "drop": true}""", false)]
    [InlineData("""{"operation": "UpdateJobExecution", "drop": "after"}""", true)]
    public async Task A_fault_leaves_an_operation_undone_or_done_never_half(string fault, bool isDone)
    {
        foreach (var isMqtt in new[] { false, true })
        {
            using var emulator = new Emulator();
            var device = await Device.Connect(emulator, "pump-1");
            await emulator.CreateThing("pump-1");
            await emulator.CreateJob("update-firmware", "pump-1");
            var before = await State(emulator);
            Assert.Equal(200, (await emulator.Send("POST", "/_emulator/faults", fault)).Status);
            await device.Subscribe("$aws/things/pump-1/jobs/+");

            if (isMqtt)
                await device.Publish(Update + """ {"status": "SUCCEEDED"}""");
            else
                await Answered(emulator, Job, """{"status": "SUCCEEDED"}""");

            var heard = (await device.Heard()).Select(message => message.Topic).ToArray();
            Assert.DoesNotContain(Update + "/accepted", heard);
            Assert.Equal(isDone, heard.Contains("$aws/things/pump-1/jobs/notify"));
            await emulator.Send("DELETE", "/_emulator/faults");
            var after = await State(emulator);
            if (isDone)
                Assert.Equal(("SUCCEEDED", 2), ((string?)after["execution"]!["status"], (int?)after["execution"]!["versionNumber"]));
            else
                Assert.Equal(before.ToJsonString(), after.ToJsonString());
        }
    }

    [Fact]
    public async Task A_lost_request_and_a_lost_answer_reset_the_connection_and_are_marked_in_the_journal()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", """[{"operation": "CreateThing", "drop": true, "times": 1}, {"operation": "CreateThing", "drop": "after", "times": 1}]""");
        Assert.Null(await Answered(emulator, "/things/pump-1", null));
        Assert.Equal(404, (await emulator.Send("GET", "/things/pump-1")).Status);
        Assert.Null(await Answered(emulator, "/things/pump-1", null));
        Assert.Equal(200, (await emulator.Send("GET", "/things/pump-1")).Status);

        var requests = (await emulator.Send("GET", "/_emulator/requests")).Json["requests"]!.AsArray();
        Assert.Equal(
            [("CreateThing", null, "drop before"), ("DescribeThing", 404, null), ("CreateThing", null, "drop after"), ("DescribeThing", 200, null)],
            requests.Select(request => ((string?)request!["operation"], (int?)request["status"], (string?)request["fault"]?["effect"])));
    }

    [Fact]
    public async Task A_delayed_answer_over_HTTP_leaves_after_its_delay_and_others_overtake_it()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "CreateThing", "delay": "90s", "times": 1}""");
        var late = emulator.Send("POST", "/things/pump-1");
        await Until(() => emulator.Time.Waiting.Contains(TimeSpan.FromSeconds(90)));
        Assert.Equal(200, (await emulator.Send("GET", "/things/pump-1")).Status);
        Assert.False(late.IsCompleted);

        emulator.Time.Pass(TimeSpan.FromSeconds(90));

        Assert.Equal(200, (await late).Status);
        var last = (await emulator.Send("GET", "/_emulator/requests?operation=CreateThing")).Json["requests"]![0]!;
        Assert.Equal((2, 90_000.0, "delay 90s"), ((int?)last["number"], (double?)last["milliseconds"], (string?)last["fault"]!["effect"]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_delayed_notification_comes_after_its_delay_unless_there_was_a_reset(bool isReset)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/pump-1/jobs/notify-next");
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/_emulator/faults", """{"notification": "notify-next", "thing": "pump-1", "delay": "5s"}""");
        await emulator.CreateJob("update-firmware", "pump-1");
        Assert.Empty(await device.Heard());
        if (isReset)
        {
            await emulator.Send("POST", "/_emulator/reset");
            device = await Device.Connect(emulator, "pump-1");
            await device.Subscribe("$aws/things/pump-1/jobs/notify-next");
        }

        emulator.Time.Pass(TimeSpan.FromSeconds(5));
        await Task.Yield();

        var messages = isReset
            ? (await emulator.Send("GET", "/_emulator/messages?topic=%24aws/%23")).Json["messages"]!.AsArray()
            : (await emulator.Send("GET", "/_emulator/messages?topic=%24aws/things/pump-1/jobs/notify-next&wait=1")).Json["messages"]!.AsArray();
        Assert.Equal(isReset ? 0 : 1, messages.Count);
    }

    [Fact]
    public async Task A_delayed_answer_over_MQTT_is_overtaken_by_what_the_device_asks_next()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/pump-1/jobs/#");
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "GetPendingJobExecutions", "delay": "5s", "times": 1}""");
        await device.Publish("""$aws/things/pump-1/jobs/get {"clientToken": "late"}""");
        await device.Publish("""$aws/things/pump-1/jobs/get {"clientToken": "prompt"}""");
        Assert.Contains("prompt", Assert.Single(await device.Heard()).Payload, StringComparison.Ordinal);

        emulator.Time.Pass(TimeSpan.FromSeconds(5));

        var answers = (await emulator.Send("GET", "/_emulator/requests?operation=GetPendingJobExecutions&count=2&wait=1s")).Json["requests"]!.AsArray();
        Assert.Equal(["prompt", "late"], (await device.Heard()).Select(message => (string?)JsonNode.Parse(message.Payload)!["clientToken"]).Prepend("prompt"));
        Assert.Equal(2, answers.Count);
    }

    [Fact]
    public async Task A_run_with_a_probability_is_repeated_by_its_seed()
    {
        var runs = new List<string>();
        string? seed = null;
        for (var run = 0; run < 2; run++)
        {
            using var emulator = new Emulator();
            var added = await emulator.Send("POST", "/_emulator/faults",
                $$"""{"operation": "ListThings", "probability": 0.5, "error": "ThrottlingException"{{(seed is null ? "" : $", \"seed\": {seed}")}}}""");
            seed = added.Json["faults"]![0]!["seed"]!.ToString();
            var statuses = new List<int>();
            for (var i = 0; i < 20; i++)
                statuses.Add((await emulator.Send("GET", "/things")).Status);
            runs.Add(string.Join(' ', statuses));
        }
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void There_can_be_ten_thousand_rules()
    {
        var rules = new FaultRules(new ManualTime());
        var targets = new HashSet<FaultTarget>();
        rules.Add([.. Enumerable.Range(0, FaultRules.MaxRules).Select(_ => new FaultRule(new(), targets, null))]);
        Assert.Equal("LimitExceededException", Assert.Throws<Core.ServiceException>(() => rules.Add([new(new(), targets, null)])).Error.Name);
        Assert.Equal(FaultRules.MaxRules, rules.All.Count);
        rules.Reset();
        Assert.False(rules.Any);
    }

    [Fact]
    public async Task Every_error_that_an_operation_declares_can_be_its_fault()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "UpdateThing", "error": "VersionConflictException"}""");
        Assert.Equal((409, "VersionConflictException", "This is the fault 1"), (await emulator.Send("PATCH", "/things/pump-1", "{}")).Refusal);
    }

    /// <summary>The answer; null when the connection is reset.</summary>
    private static async Task<Answer?> Answered(Emulator emulator, string path, string? body)
    {
        try
        {
            return await emulator.Send("POST", path, body);
        }
        catch (Exception reset) when (reset is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static async Task<JsonNode> State(Emulator emulator) => (await emulator.Send("GET", "/things/pump-1/jobs/update-firmware")).Json;

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }
}
