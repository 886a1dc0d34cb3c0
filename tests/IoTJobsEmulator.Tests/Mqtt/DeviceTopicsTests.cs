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
    [InlineData("\uFEFF", null, null)]
    [InlineData("\uFEFF{\"clientToken\": \"t\"}", "t", null)]
    [InlineData(" ", null, "InvalidJson")]
    [InlineData("""["t"]""", null, "InvalidJson")]
    [InlineData("null", null, "InvalidJson")]
    [InlineData("""{"clientToken": "t" """, null, "InvalidJson")]
    public void A_client_token_is_returned(string payload, string? token, string? code)
    {
        var answer = Json(Ask("get", payload));
        Assert.Equal((token, code), ((string?)answer["clientToken"], (string?)answer["code"]));
    }

    [Theory]
    [InlineData("update-firmware/update")]
    [InlineData("update-firmware/namespace-a/update")]
    public void An_update_may_have_numbers_and_booleans_as_text(string topic)
    {
        StartJob(NamespaceOf(topic));

        var answer = Json(Ask(topic, """
            {"status": "IN_PROGRESS", "expectedVersion": "2", "executionNumber": "1", "stepTimeoutInMinutes": "10",
             "includeJobExecutionState": "true", "includeJobDocument": "true"}
            """));

        Assert.Equal((3, "{}"), ((int?)answer["executionState"]?["versionNumber"], answer["jobDocument"]?.ToJsonString()));
        Assert.Equal(600, (int?)Json(Ask(topic.Replace("/update", "/get", StringComparison.Ordinal), ""))["execution"]?["approximateSecondsBeforeTimedOut"]);
        var quiet = Json(Ask(topic, """{"status": "SUCCEEDED", "includeJobExecutionState": "false", "includeJobDocument": "false"}"""));
        Assert.Equal(["timestamp"], quiet.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("update-firmware/get")]
    [InlineData("$next/get")]
    [InlineData("update-firmware/namespace-a/get")]
    [InlineData("$next/namespace-a/get")]
    public void A_description_may_be_asked_for_with_numbers_and_booleans_as_text(string topic)
    {
        StartJob(NamespaceOf(topic));

        Assert.NotNull(Json(Ask(topic, """{"executionNumber": "1", "includeJobDocument": "true"}"""))["execution"]?["jobDocument"]);
        var bare = Json(Ask(topic, """{"executionNumber": "1", "includeJobDocument": "false"}"""))["execution"]!.AsObject();
        Assert.False(bare.ContainsKey("jobDocument"));
    }

    [Fact]
    public void The_next_execution_may_be_started_with_numbers_as_text()
    {
        QueueJob(null);
        var answer = Json(Ask("start-next", """{"stepTimeoutInMinutes": "10", "statusDetails": {"progress": 0.5}}"""));
        Assert.Equal((600, "0.5"), ((int?)answer["execution"]?["approximateSecondsBeforeTimedOut"], (string?)answer["execution"]?["statusDetails"]?["progress"]));
    }

    [Theory]
    [InlineData("update-firmware/update", "expectedVersion", "\"two\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "expectedVersion", "\"2.0\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "executionNumber", "\"\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "executionNumber", "\"\\ud800\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "executionNumber", "true", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "stepTimeoutInMinutes", "\"10 \"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "stepTimeoutInMinutes", "\"9223372036854775808\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/update", "includeJobExecutionState", "\"yes\"", "Member must be a boolean, true or false")]
    [InlineData("update-firmware/update", "includeJobExecutionState", "\"\\ud800\"", "Member must be a boolean, true or false")]
    [InlineData("update-firmware/update", "includeJobDocument", "\"\"", "Member must be a boolean, true or false")]
    [InlineData("update-firmware/update", "includeJobDocument", "1", "Member must be a boolean, true or false")]
    [InlineData("update-firmware/update", "status", "1", "Member must be a string")]
    [InlineData("update-firmware/update", "statusDetails", "\"{}\"", "Member must be an object")]
    [InlineData("update-firmware/get", "includeJobDocument", "\"1\"", "Member must be a boolean, true or false")]
    [InlineData("$next/get", "executionNumber", "\"one\"", "Member must be a 64-bit integer")]
    [InlineData("update-firmware/namespace-a/get", "executionNumber", "[1]", "Member must be a 64-bit integer")]
    [InlineData("start-next", "stepTimeoutInMinutes", "\"ten\"", "Member must be a 64-bit integer")]
    public void A_member_of_another_type_is_refused_by_its_name(string topic, string name, string value, string constraint)
    {
        StartJob(null);
        var answer = Json(Ask(topic, $$"""{"clientToken": "t", "{{name}}": {{value}}}"""));
        Assert.Equal(("InvalidRequest", "t"), ((string?)answer["code"], (string?)answer["clientToken"]));
        Assert.EndsWith($"' at '{name}' failed to satisfy constraint: {constraint}", (string?)answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData("0.5", "0.5")]
    [InlineData("-1.50E+3", "-1.50E+3")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("\"12\"", "12")]
    public void A_detail_that_is_a_number_or_boolean_is_kept_as_its_JSON_text(string value, string kept)
    {
        StartJob(null);
        var answer = Json(Ask("update-firmware/update", $$"""{"status": "IN_PROGRESS", "includeJobExecutionState": true, "statusDetails": {"progress": {{value}} } }"""));
        Assert.Equal(kept, (string?)answer["executionState"]?["statusDetails"]?["progress"]);
    }

    [Theory]
    [InlineData("{}", "Value '{}'", "Member must be a string")]
    [InlineData("[1]", "Value '[1]'", "Member must be a string")]
    [InlineData("null", "Value null", "Member must not be null")]
    [InlineData("\"\\ud800\"", "Value '\\ud800'", "Member must be valid Unicode text")]
    public void A_detail_that_is_no_text_number_or_boolean_is_refused_by_its_name(string value, string shown, string constraint)
    {
        StartJob(null);
        foreach (var topic in new[] { "update-firmware/update", "update-firmware/namespace-a/update", "start-next" })
        {
            var answer = Json(Ask(topic, $$"""{"status": "IN_PROGRESS", "statusDetails": {"step": 1, "progress": {{value}} } }"""));
            Assert.Equal($"1 validation error detected: {shown} at 'statusDetails.progress.member' failed to satisfy constraint: {constraint}", (string?)answer["message"]);
        }
    }

    [Theory]
    [InlineData("update-firmware/update", """{"status": "IN_PROGRESS", "statusDetails": {"\ud800": "1"}}""")]
    [InlineData("update-firmware/update", """{"status": "\ud800"}""")]
    [InlineData("update-firmware/get", """{"\ud800": 1, "executionNumber": "\ud800"}""")]
    [InlineData("start-next", """{"statusDetails": {"\ud800": 1}}""")]
    public void Half_a_surrogate_pair_is_refused(string topic, string payload)
    {
        StartJob(null);
        Assert.Equal("InvalidRequest", (string?)Json(Ask(topic, payload))["code"]);
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

    private static string? NamespaceOf(string topic) => topic.Contains("namespace-a", StringComparison.Ordinal) ? "a" : null;

    private void QueueJob(string? namespaceId) => CreateJob.Handle(_realm, "update-firmware", new()
    {
        Targets = new(["arn:aws:iot:us-east-1:123456789012:thing/pump-1"]),
        Document = "{}",
        NamespaceId = namespaceId,
    });

    private void StartJob(string? namespaceId)
    {
        QueueJob(namespaceId);
        Ask(namespaceId is null ? "update-firmware/update" : $"update-firmware/namespace-{namespaceId}/update", """{"status": "IN_PROGRESS"}""");
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
