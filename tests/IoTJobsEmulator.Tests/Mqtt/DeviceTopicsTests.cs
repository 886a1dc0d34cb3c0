using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Mqtt;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Requests of devices and their responses, without a broker. Conversations/Devices has them in full.</summary>
public sealed class DeviceTopicsTests
{
    private const string Jobs = "$aws/things/pump-1/jobs/";

    private readonly Realm _realm = new World(() => Guid.Empty).Realm("123456789012", "us-east-1");

    public DeviceTopicsTests() => CreateThing.Handle(_realm, "pump-1", null);

    [Theory]
    [InlineData("get", "accepted")]
    [InlineData("start-next", "accepted")]
    [InlineData("$next/get", "accepted")]
    [InlineData("$next/namespace-a/get", "accepted")]
    [InlineData("update-firmware/get", "accepted")]
    [InlineData("update-firmware/update", "InvalidRequest")]
    [InlineData("get/get", "ResourceNotFound")] // of a job named get
    [InlineData("start-next/get", "ResourceNotFound")]
    [InlineData("no-such-job/get", "ResourceNotFound")]
    [InlineData("update-firmware/namespace-a/get", "ResourceNotFound")]
    [InlineData("update-firmware/namespace-a/update", "InvalidRequest")]
    [InlineData("update-firmware/namespace-/get", "InvalidRequest")]
    [InlineData("update firmware/get", "InvalidRequest")]
    [InlineData("begin", "InvalidTopic")]
    [InlineData("GET", "InvalidTopic")]
    [InlineData("get/", "InvalidTopic")]
    [InlineData("update-firmware", "InvalidTopic")]
    [InlineData("update-firmware/start", "InvalidTopic")]
    [InlineData("update-firmware/space-a/get", "InvalidTopic")]
    [InlineData("update-firmware/namespace-a/get/more", "InvalidTopic")]
    public void A_topic_is_an_operation_or_is_refused(string topic, string expected)
    {
        CreateJob.Handle(_realm, "update-firmware", new() { Targets = new(["arn:aws:iot:us-east-1:123456789012:thing/pump-1"]), Document = "{}" });

        var answer = Ask(topic, "");

        Assert.Equal(Jobs + topic + (expected == "accepted" ? "/accepted" : "/rejected"), answer.Topic);
        Assert.Equal(expected == "accepted" ? null : expected, (string?)Json(answer)["code"]);
    }

    [Theory]
    [InlineData("""{"clientToken": "t"}""", "t", null)]
    [InlineData("""{"clientToken": ""}""", "", null)]
    [InlineData("""{"clientToken": null}""", null, null)]
    [InlineData("""{"clientToken": 1}""", null, "InvalidRequest")]
    [InlineData("""{"clientToken": "\ud800"}""", null, "InvalidJson")]
    [InlineData("", null, null)]
    [InlineData("{}", null, null)]
    [InlineData(" ", null, "InvalidJson")]
    [InlineData("""["t"]""", null, "InvalidJson")]
    [InlineData("null", null, "InvalidJson")]
    [InlineData("""{"clientToken": "t" """, null, "InvalidJson")]
    public void A_client_token_is_returned(string payload, string? token, string? code)
    {
        var answer = Json(Ask("get", payload));
        Assert.Equal((token, code), ((string?)answer["clientToken"], (string?)answer["code"]));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_not_JSON()
    {
        var payload = new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' };
        Assert.Equal("InvalidJson", (string?)Json(Ask("get", payload))["code"]);
    }

    [Theory]
    [InlineData("notify", true)]
    [InlineData("notify-next", true)]
    [InlineData("notify-namespace-a", true)]
    [InlineData("notify-next-namespace-a", true)]
    [InlineData("update-firmware/notify-namespace-a/", true)]
    [InlineData("update-firmware/notify-namespace-a", true)]
    [InlineData("update-firmware/namespace-a/get", false)]
    [InlineData("get/accepted", true)]
    [InlineData("update-firmware/update/rejected", true)]
    [InlineData("get", false)]
    [InlineData("notify/get", false)]
    [InlineData("accepted/get", false)]
    public void Some_topics_are_reserved(string topic, bool isReserved) =>
        Assert.Equal(isReserved, DeviceTopics.IsReserved(topic.Split('/')));

    [Theory]
    [InlineData("$aws/things/pump-1/shadow/update")]
    [InlineData("aws/things/pump-1/jobs/get")]
    [InlineData("$aws/things/pump-1/jobs")]
    [InlineData("plant/pump-1")]
    public void Other_topics_are_not_ours(string topic) => Assert.Null(DeviceTopics.Read(topic));

    [Fact]
    public void An_operation_with_a_parameter_that_devices_do_not_give_is_refused_at_once()
    {
        var other = Assert.Throws<InvalidOperationException>(() => new DeviceOperation<object, string>(Other, (_, _) => { }));
        Assert.Contains("group", other.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new DeviceOperation<object, int>(Renamed, (_, _) => { }));
        Assert.Throws<InvalidOperationException>(() => new DeviceOperation<object, int>(Known, (_, _) => { }));

        static string Other(Realm realm, string thingName, string group) => group;
        static int Renamed(Realm realm, string thing) => 0;
        static string Known(Realm realm, string thingName) => thingName;
    }

    private DeviceAnswer Ask(string topic, string payload) => Ask(topic, Encoding.UTF8.GetBytes(payload));

    private DeviceAnswer Ask(string topic, byte[] payload)
    {
        try
        {
            return DeviceTopics.Prepare(_realm, Jobs + topic, payload)();
        }
        catch (Exception reason)
        {
            return DeviceTopics.Rejected(_realm, Jobs + topic, payload, reason);
        }
    }

    private static JsonNode Json(DeviceAnswer answer) => JsonNode.Parse(answer.Payload.Span)!;
}
