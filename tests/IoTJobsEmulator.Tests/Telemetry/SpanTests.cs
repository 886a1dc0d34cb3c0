using System.Collections.Concurrent;
using System.Diagnostics;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Telemetry;
using IoTJobsEmulator.Tests.Mqtt.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Telemetry;

/// <summary>A trace from a request through its turn to the notifications that it causes, and to who hears them.</summary>
public sealed class SpanTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = "00f067aa0ba902b7", TraceParent = $"00-{TraceId}-{Caller}-01";

    [Fact]
    public async Task A_trace_leads_from_a_request_over_HTTP_to_the_devices_that_hear_of_it()
    {
        using var emulator = new Emulator();
        using var spans = new Spans(emulator);
        await emulator.CreateThing("pump-1");
        var device = await ConnectV5(emulator);
        await device.Subscribe("$aws/things/pump-1/jobs/notify-next");
        var answer = await emulator.Send("PUT", "/jobs/update-firmware",
            """{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{}"}""", ("traceparent", TraceParent), ("tracestate", "vendor=1"));
        Assert.Equal(200, answer.Status);
        var heard = await device.ReceiveMessage();
        await device.Ping();
        await emulator.Turns.WhenIdle(); // the device may hear of it before the span of the publication has ended

        var trace = spans.Of(TraceId);
        var request = trace.Single(span => span.Kind == ActivityKind.Server);
        Assert.Equal(("PUT /jobs/{jobId}", Caller, "vendor=1"), (request.DisplayName, request.ParentSpanId.ToHexString(), request.TraceStateString));
        Assert.Equal(
            ("CreateJob", "update-firmware", "123456789012", "us-east-1", 200, answer.Headers["x-amzn-RequestId"]),
            ((string?)request.GetTagItem("iotjobs.operation"), (string?)request.GetTagItem("iotjobs.job"), (string?)request.GetTagItem("cloud.account.id"),
                (string?)request.GetTagItem("cloud.region"), (int)request.GetTagItem("http.response.status_code")!, (string?)request.GetTagItem("aws.request_id")));
        var turn = trace.Single(span => span.DisplayName == "turn");
        Assert.Equal(request.SpanId, turn.ParentSpanId);
        Assert.True((int)turn.GetTagItem("iotjobs.turn.changes")! > 0);
        Assert.Equal(
            [("publish $aws/things/{thingName}/jobs/notify", "$aws/things/pump-1/jobs/notify"), ("publish $aws/things/{thingName}/jobs/notify-next", "$aws/things/pump-1/jobs/notify-next")],
            trace.Where(span => span.Kind == ActivityKind.Producer && span.ParentSpanId == turn.SpanId).Select(span => (span.DisplayName, (string?)span.GetTagItem("messaging.destination.name"))).Order());
        var published = trace.Single(span => span.DisplayName.EndsWith("notify-next", StringComparison.Ordinal));
        var delivered = Assert.Single(trace, span => span.Kind == ActivityKind.Consumer);
        Assert.Equal((published.SpanId, "pump-1"), (delivered.ParentSpanId, (string?)delivered.GetTagItem("messaging.client.id")));
        Assert.Equal([KeyValuePair.Create("traceparent", published.Id!), KeyValuePair.Create("tracestate", "vendor=1")], heard.Properties.UserProperties);
    }

    [Fact]
    public async Task A_device_states_its_trace_in_a_user_property()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        await emulator.Turns.WhenIdle();
        using var spans = new Spans(emulator);
        var device = await ConnectV5(emulator);
        await device.Publish("$aws/things/pump-1/jobs/update-firmware/update", """{"status": "SUCCEEDED"}""", Qos.AtMostOnce, properties: Stated());
        await device.Publish("$aws/things/pump-1/jobs/none/update", """{"status": "SUCCEEDED"}""", Qos.AtMostOnce, properties: Stated());
        await emulator.Turns.WhenIdle();

        var trace = spans.Of(TraceId);
        var requests = trace.Where(span => span.Kind == ActivityKind.Server).ToArray();
        Assert.Equal([("UpdateJobExecution", null), ("UpdateJobExecution", "ResourceNotFound")], requests.Select(span => (span.DisplayName, (string?)span.GetTagItem("error.type"))));
        Assert.All(requests, span => Assert.Equal(Caller, span.ParentSpanId.ToHexString()));
        Assert.Equal(requests.Select(span => span.SpanId), trace.Where(span => span.DisplayName == "turn").Select(span => span.ParentSpanId));
        Assert.Equal(2, trace.Count(span => span.Kind == ActivityKind.Producer));
    }

    /// <summary>With a database file an answer may leave on another thread, in the middle of another request.</summary>
    [Fact]
    public async Task Requests_that_follow_one_another_on_a_connection_are_no_children_of_one_another()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        await emulator.Turns.WhenIdle();
        using var spans = new Spans(emulator);
        var device = await ConnectV5(emulator);
        for (var i = 0; i < 3; i++)
            await device.Publish("$aws/things/pump-1/jobs/update-firmware/update", """{"status": "IN_PROGRESS"}""", Qos.AtMostOnce);
        await emulator.Turns.WhenIdle();
        var requests = spans.All.Where(span => span.Kind == ActivityKind.Server).ToArray();
        Assert.Equal(3, requests.Select(span => span.TraceId).Distinct().Count());
        Assert.All(requests, span => Assert.Equal(default, span.ParentSpanId));
        Assert.Equal(requests.Select(span => span.SpanId), spans.All.Where(span => span.DisplayName == "turn").Select(span => span.ParentSpanId));
    }

    [Fact]
    public async Task Due_work_has_a_span_with_the_name_of_the_duty_and_its_notifications_are_children()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.Send("PUT", "/jobs/update-firmware",
            """{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{}", "timeoutConfig": {"inProgressTimeoutInMinutes": 5}}""");
        await emulator.Send("PUT", "/iot-jobs-data/things/pump-1/jobs/$next");
        await emulator.Turns.WhenIdle();
        using var spans = new Spans(emulator);
        emulator.Time.Pass(TimeSpan.FromMinutes(6));
        await emulator.RunDueWork();
        await emulator.Turns.WhenIdle();

        var duty = Assert.Single(spans.All, span => span.Kind == ActivityKind.Internal);
        Assert.Equal(("timeouts", default(ActivitySpanId)), (duty.DisplayName, duty.ParentSpanId));
        Assert.Contains(spans.All, span => span.Kind == ActivityKind.Producer);
        Assert.All(spans.All.Where(span => span.Kind == ActivityKind.Producer), span => Assert.Equal(duty.SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task Whoever_listens_to_one_emulator_hears_nothing_of_another()
    {
        using var emulator = new Emulator();
        using var other = new Emulator();
        using var spans = new Spans(emulator);
        Activity? ofTurn = null;
        other.Turns.AddListener(turn => ofTurn ??= turn.Span);
        var device = await ConnectV5(other);
        await device.Subscribe("$aws/things/pump-1/jobs/notify-next");
        await other.CreateThing("pump-1");
        await other.CreateJob("update-firmware", "pump-1");
        Assert.Empty((await device.ReceiveMessage()).Properties.UserProperties);
        Assert.Empty(spans.All);
        Assert.Null(ofTurn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0-0-01")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public async Task What_is_no_traceparent_is_ignored(string traceParent)
    {
        using var emulator = new Emulator();
        using var spans = new Spans(emulator);
        Assert.Equal(200, (await emulator.Send("GET", "/jobs", null, ("traceparent", traceParent))).Status);
        Assert.Equal(default, spans.All.Single(span => span.Kind == ActivityKind.Server).ParentSpanId);
    }

    private static MqttProperties Stated() => new() { UserProperties = [KeyValuePair.Create("traceparent", TraceParent)] };

    private static async Task<TestClient> ConnectV5(Emulator emulator)
    {
        var client = new TestClient(emulator.Services.GetRequiredService<DeviceGateway>().Broker, MqttVersion.V5);
        client.Open(null, CancellationToken.None);
        Assert.Equal(ReasonCode.Success, (await client.Connect(new() { ClientId = "pump-1" })).Reason);
        return client;
    }

    /// <summary>The spans of one emulator that have ended, in the order in which they began.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = [];
        private readonly ActivityListener _listener;

        public Spans(Emulator emulator)
        {
            var source = emulator.Services.GetRequiredService<EmulatorTelemetry>().Spans;
            _listener = new()
            {
                ShouldListenTo = other => other == source,
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All => [.. _ended.OrderBy(span => span.StartTimeUtc)];

        public IReadOnlyList<Activity> Of(string traceId) => [.. All.Where(span => span.TraceId.ToHexString() == traceId)];

        public void Dispose() => _listener.Dispose();
    }
}
