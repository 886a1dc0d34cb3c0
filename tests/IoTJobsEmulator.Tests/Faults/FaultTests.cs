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
        Assert.True(messages.Count == (isReset ? 0 : 1), messages.ToJsonString());
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

    [Theory]
    [InlineData("\"error\": \"ServiceUnavailableException\"")]
    [InlineData("\"drop\": true")]
    [InlineData("\"drop\": \"after\"")]
    [InlineData("\"delay\": \"1h\"")]
    public async Task A_request_over_MQTT_is_acknowledged_whatever_becomes_of_its_answer(string fault)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/pump-1/jobs/#");
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/_emulator/faults", $$"""{"operation": "GetPendingJobExecutions", {{fault}}}""");

        await device.Publish("$aws/things/pump-1/jobs/get"); // waits for PUBACK

        Assert.DoesNotContain(await device.Heard(), message => message.Topic.EndsWith("/accepted", StringComparison.Ordinal));
        Assert.Equal(1, (int?)(await emulator.Send("GET", "/_emulator/faults")).Json["faults"]![0]!["struck"]);
    }

    [Fact]
    public async Task A_reset_answers_at_once_who_waits_for_a_delayed_answer_over_HTTP_and_drops_those_over_MQTT()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/pump-1/jobs/#");
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "*", "delay": "1h"}""");
        var late = emulator.Send("GET", "/things/pump-1");
        await device.Publish("$aws/things/pump-1/jobs/get");
        await Until(() => emulator.Time.Waiting.Count(wait => wait == TimeSpan.FromHours(1)) == 2);

        await emulator.Send("POST", "/_emulator/reset");

        Assert.Equal(200, (await late).Status);
        await Until(() => !emulator.Time.Waiting.Contains(TimeSpan.FromHours(1)));
        Assert.Empty(await device.Heard());
    }

    [Fact]
    public async Task Ten_thousand_wait_at_once_and_what_comes_beyond_that_is_not_delayed()
    {
        var (time, sent) = (new ManualTime(), 0);
        var delays = new FaultDelays(time);
        for (var i = 0; i < FaultDelays.MaxWaiting; i++)
            delays.Send(TimeSpan.FromMinutes(1), () => Interlocked.Increment(ref sent));
        Assert.Equal((0, FaultDelays.MaxWaiting), (sent, time.Waiting.Count));

        delays.Send(TimeSpan.FromMinutes(1), () => Interlocked.Increment(ref sent));
        Assert.True(delays.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
        Assert.Equal((1, FaultDelays.MaxWaiting), (sent, time.Waiting.Count));

        delays.Forget();
        await Until(() => time.Waiting.Count == 0);
        delays.Send(TimeSpan.FromMinutes(1), () => Interlocked.Increment(ref sent));
        await Until(() => time.Waiting.Count == 1 || sent > 1);
        Assert.Equal(1, sent);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_forgotten_is_not_sent_even_if_its_delay_is_over(bool isForgotten)
    {
        var (time, continuations, sent) = (new ManualTime(), new ManualContinuations(), 0);
        var delays = new FaultDelays(time);
        continuations.Start(() =>
        {
            delays.Send(TimeSpan.FromMinutes(1), () => sent++);
            return true;
        });

        time.Pass(TimeSpan.FromMinutes(1));
        if (isForgotten)
            delays.Forget();
        continuations.RunAll();

        Assert.Equal(isForgotten ? 0 : 1, sent);
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
    public async Task A_list_of_faults_is_read_in_pages()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/_emulator/faults", $"[{string.Join(',', Enumerable.Repeat("""{"operation": "*", "delay": "1s", "after": 1000}""", 102))}]");
        await emulator.Send("DELETE", "/_emulator/faults/3");
        Assert.Equal((1, 101), await Page(""));
        Assert.Equal((102, 102), await Page("?after=101"));
        Assert.Equal((2, 4), await Page("?after=1&limit=2"));
        Assert.Equal((0, 0), await Page("?after=102"));
        Assert.Equal((400, "InvalidRequestException"), (await emulator.Send("GET", "/_emulator/faults?limit=0")).Refusal is var (status, error, _) ? (status, error) : default);

        async Task<(long First, long Last)> Page(string query) =>
            (await emulator.Send("GET", "/_emulator/faults" + query)).Json["faults"]!.AsArray() is { Count: > 0 } page ? ((long)page[0]!["id"]!, (long)page[^1]!["id"]!) : default;
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
