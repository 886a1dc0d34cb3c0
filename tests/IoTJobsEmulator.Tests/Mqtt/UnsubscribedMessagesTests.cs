using System.Text.Json.Nodes;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Messages that nobody can receive are created when they are asked for: nobody may tell them from others.</summary>
public sealed class UnsubscribedMessagesTests
{
    private const string Target = "arn:aws:iot:us-east-1:123456789012:thing/";

    [Theory]
    [InlineData("elsewhere", 0)]
    [InlineData("$aws/things/pump-2/#", 4)]
    [InlineData("$share/workers/$aws/things/+/jobs/+/notify-namespace-fleet/", 1)]
    [InlineData("$aws/#", 11)]
    public async Task What_was_published_is_the_same_as_with_a_subscriber(string filter, int heard)
    {
        using var emulator = new Emulator();
        using var subscribed = new Emulator();
        var device = await Device.Connect(subscribed, "somebody");
        await device.Subscribe(filter);
        await Play(emulator);
        await Play(subscribed);

        var expected = await Messages(subscribed, "?include=bytes");
        Assert.Equal(expected.Select(message => (string?)message!["topic"]).Where(topic => IsOf(filter, topic!)), (await device.Heard()).Select(message => message.Topic));
        Assert.Equal(heard, expected.Count(message => IsOf(filter, (string)message!["topic"]!)));
        Assert.Equal(expected.Select(Text), (await Messages(emulator, "?include=bytes")).Select(Text));
        Assert.Equal(
            [
                "$aws/events/thing/pump-1/created", "$aws/events/thing/pump-2/created", "$aws/things/pump-1/jobs/notify", "$aws/things/pump-1/jobs/notify-next",
                "$aws/things/pump-2/jobs/notify", "$aws/things/pump-2/jobs/notify-next", "$aws/things/pump-1/jobs/notify-namespace-fleet",
                "$aws/things/pump-1/jobs/deploy/notify-namespace-fleet/", "$aws/events/jobExecution/update-firmware/succeeded", "$aws/things/pump-2/jobs/notify",
                "$aws/things/pump-2/jobs/notify-next",
            ],
            expected.Select(message => (string?)message!["topic"]));
        Assert.Equal(await Notifications(subscribed), await Notifications(emulator));
    }

    [Fact]
    public async Task A_message_is_the_same_each_time_that_it_is_shown()
    {
        using var emulator = new Emulator();
        await Play(emulator);
        await Notifications(emulator);
        var last = (await Messages(emulator, "?thing=pump-2")).Select(Text).ToList();
        var all = (await Messages(emulator, "")).Select(Text).ToList();
        Assert.Equal(all, (await Messages(emulator, "")).Select(Text));
        Assert.Equal(last, all.Where(message => message.Contains("things/pump-2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Numbers_go_on_within_a_turn_and_between_those_of_clients()
    {
        using var emulator = new Emulator();
        await Play(emulator);
        var device = await Device.Connect(emulator, "pump-1");
        await device.Publish("elsewhere hello");
        await emulator.CreateJob("next", "pump-2");
        var all = await Messages(emulator, "");
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(message => (int)message!["number"]!));
        Assert.Equal("elsewhere", (string?)all[11]!["topic"]);
        Assert.Equal(all.Skip(3).Take(2).Select(Text), (await Messages(emulator, "?after=3&limit=2")).Select(Text));
    }

    /// <summary>Events of things and executions, a job of two things, one in a namespace, and a device that finishes.</summary>
    private static async Task Play(Emulator emulator)
    {
        await emulator.Send("PATCH", "/event-configurations", """{"eventConfigurations": {"THING": {"Enabled": true}, "JOB_EXECUTION": {"Enabled": true}}}""");
        await emulator.CreateThing("pump-1");
        await emulator.CreateThing("pump-2");
        await emulator.Send("PUT", "/jobs/update-firmware", $$"""{"targets": ["{{Target}}pump-1", "{{Target}}pump-2"], "document": "{\"a\": 1}"}""");
        await emulator.Send("PUT", "/jobs/deploy", $$"""{"targets": ["{{Target}}pump-1"], "document": "{}", "namespaceId": "fleet"}""");
        await emulator.Send("POST", "/things/pump-2/jobs/update-firmware", """{"status": "SUCCEEDED"}""");
    }

    private static async Task<JsonArray> Messages(Emulator emulator, string query) =>
        (await emulator.Send("GET", "/_emulator/messages" + query)).Json["messages"]!.AsArray();

    /// <summary>Without their numbers, which the connection of a client shifts.</summary>
    private static async Task<IEnumerable<string>> Notifications(Emulator emulator)
    {
        var events = (await emulator.Send("GET", "/_emulator/events?limit=1000&type=notification")).Json["events"]!.AsArray();
        foreach (var one in events)
            one!.AsObject().Remove("number");
        return events.Select(Text);
    }

    private static bool IsOf(string filter, string topic) =>
        Topics.Matches(filter.StartsWith("$share/workers/", StringComparison.Ordinal) ? filter["$share/workers/".Length..] : filter, topic);

    private static string Text(JsonNode? node) => node!.ToJsonString();
}
