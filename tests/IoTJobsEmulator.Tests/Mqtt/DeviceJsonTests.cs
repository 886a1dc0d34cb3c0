using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The JSON for devices is the JSON of HTTP, except where AWS differs.</summary>
public sealed class DeviceJsonTests
{
    private static readonly DeviceJobExecution Execution = new()
    {
        JobId = "update-firmware",
        ThingName = "pump-1",
        Status = JobExecutionStatus.IN_PROGRESS,
        StatusDetails = new([new("step", "a \"quoted\" <step>"), new("Größe", "ü")]),
        QueuedAt = 1,
        StartedAt = 2,
        LastUpdatedAt = 3,
        ApproximateSecondsBeforeTimedOut = 4,
        VersionNumber = 5,
        ExecutionNumber = 6,
        JobDocument = """{"operation":"install"}""",
    };

    private static readonly DeviceJobExecutionSummary Summary =
        new() { JobId = "update-firmware", QueuedAt = 1, StartedAt = 2, LastUpdatedAt = 3, VersionNumber = 4, ExecutionNumber = 5 };

    [Fact]
    public void An_execution_is_written_as_over_HTTP_without_its_thing_and_with_its_document_as_JSON()
    {
        var expected = OverHttp(Execution);
        expected.Remove("thingName");
        expected["jobDocument"] = new JsonObject { ["operation"] = "install" };
        Assert.Equal(Text(new() { ["execution"] = expected }), Written(json => DeviceJson.WriteExecution(json, Execution)));
    }

    [Fact]
    public void An_execution_without_optional_members_is_written_as_over_HTTP()
    {
        var bare = Execution with { StatusDetails = null, StartedAt = null, ApproximateSecondsBeforeTimedOut = null, JobDocument = null };
        var expected = OverHttp(bare);
        expected.Remove("thingName");
        Assert.Equal(Text(new() { ["execution"] = expected }), Written(json => DeviceJson.WriteExecution(json, bare)));
    }

    [Fact]
    public void A_summary_is_written_as_over_HTTP()
    {
        var bare = Summary with { StartedAt = null };
        Assert.Equal(
            Text(new() { ["jobs"] = new JsonArray(OverHttp(Summary), OverHttp(bare)) }), Written(json => DeviceJson.WriteSummaries(json, "jobs", [Summary, bare])));
    }

    [Fact]
    public void A_state_is_written_as_over_HTTP()
    {
        var state = new JobExecutionState(JobExecutionStatus.FAILED, new([new("why", "no power")]), 3);
        Assert.Equal(Text(new() { ["executionState"] = OverHttp(state) }), Written(json => DeviceJson.WriteState(json, state)));
    }

    [Theory]
    [InlineData("""{"a":[1.50,-1E5,true,null]}""", """{"a":[1.50,-1E5,true,null]}""")]
    [InlineData("""{ "a" : [ 1.50,  "two words" ] }""", """{"a":[1.50,"two words"]}""")]
    [InlineData("{\r\n\t\"a\": {}\n}", """{"a":{}}""")]
    [InlineData("""{"\u0061":"\u003cb\u003e \/ \u00fc \"c\" \u0001"}""", """{"a":"<b> / ü \"c\" \u0001"}""")]
    [InlineData("""{"ü":"ü"}""", """{"ü":"ü"}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":1,"a":2}""")]
    [InlineData(" [1 , 2] ", "[1,2]")]
    [InlineData("""{"\u0061":"\u003c"}""", """{"a":"<"}""")]
    [InlineData("null", "null")]
    public void A_document_is_written_in_its_shortest_form(string document, string expected) =>
        Assert.Equal($$"""{"jobDocument":{{expected}}}""", Written(json => DeviceJson.WriteDocument(json, document)));

    [Fact]
    public void A_message_that_failed_leaves_nothing_in_the_next_one()
    {
        Assert.Throws<InvalidOperationException>(() => Written(json =>
        {
            json.WriteStartArray("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("""{"whole":true}""", Written(json => json.WriteBoolean("whole"u8, true)));
    }

    private static JsonObject OverHttp<T>(T answer) => JsonSerializer.SerializeToNode(answer, WireJson.Options)!.AsObject();

    private static string Text(JsonObject json) => json.ToJsonString(WireJson.Options);

    private static string Written(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(DeviceJson.Bytes(write, static (json, write) => write(json)));
}
