using System.Diagnostics.Metrics;
using System.Globalization;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Telemetry;
using IoTJobsEmulator.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Telemetry;

/// <summary>What <c>GET /_emulator/metrics</c> shows.</summary>
public sealed class MetricsTests
{
    private static readonly (string, string) On = ("metrics", "on");

    [Fact]
    public async Task Requests_are_counted_by_operation_and_status_however_they_come()
    {
        using var emulator = new Emulator(On);
        await Finish(emulator);
        await emulator.Send("GET", "/jobs/none");
        await emulator.Send("GET", "/endpoint?endpointType=none");
        await emulator.Send("GET", "/no-operation");
        await emulator.Send("POST", "/certificates");
        var device = await Device.Connect(emulator, "pump-1");
        await device.Publish("$aws/things/pump-1/jobs/get", Qos.AtMostOnce);
        await device.Publish("$aws/things/pump-1/jobs/none/get", Qos.AtMostOnce);
        await emulator.Turns.WhenIdle();

        var metrics = await Read(emulator);
        Assert.Equal(
            [
                """{iotjobs_operation="CreateCertificateFromCsr",iotjobs_transport="http",http_response_status_code="501",error_type="NotImplementedException"} 1""",
                """{iotjobs_operation="CreateJob",iotjobs_transport="http",http_response_status_code="200"} 1""",
                """{iotjobs_operation="CreateThing",iotjobs_transport="http",http_response_status_code="200"} 1""",
                """{iotjobs_operation="DescribeEndpoint",iotjobs_transport="http",http_response_status_code="400",error_type="InvalidRequestException"} 1""",
                """{iotjobs_operation="DescribeJob",iotjobs_transport="http",http_response_status_code="404",error_type="ResourceNotFoundException"} 1""",
                """{iotjobs_operation="DescribeJobExecution",iotjobs_transport="mqtt",http_response_status_code="404",error_type="ResourceNotFound"} 1""",
                """{iotjobs_operation="GetPendingJobExecutions",iotjobs_transport="mqtt",http_response_status_code="200"} 1""",
                """{iotjobs_operation="UpdateJobExecution",iotjobs_transport="http",http_response_status_code="200"} 1""",
            ],
            metrics.Values("iotjobs_request_duration_seconds_count"));
        Assert.Contains("""{http_request_method="GET",url_scheme="http",http_route="/jobs/{jobId}",http_response_status_code="404"} 1""", metrics.Values("http_server_request_duration_seconds_count"));
        Assert.Contains("""{http_request_method="GET",url_scheme="http",http_response_status_code="404"} 1""", metrics.Values("http_server_request_duration_seconds_count"));
    }

    [Fact]
    public async Task Calls_of_simulated_devices_are_counted()
    {
        using var emulator = new Emulator(On, ("journal-size", "0"));
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        var simulator = await emulator.Send("PUT", "/_emulator/simulators/pumps", """{"things": "pump-*", "picksUp": "5s", "takes": {"from": "30s", "to": "40s"}, "outcomes": {"SUCCEEDED": 100}}""");
        Assert.True(simulator.Status == 200, simulator.Body);
        await emulator.Advance(TimeSpan.FromMinutes(5));

        var metrics = await Read(emulator);
        Assert.Contains("""{iotjobs_operation="UpdateJobExecution",iotjobs_transport="simulator",http_response_status_code="200"} 1""", metrics.Values("iotjobs_request_duration_seconds_count"));
    }

    [Fact]
    public async Task Turns_are_counted_by_their_cause_and_messages_by_who_publishes_them()
    {
        using var emulator = new Emulator(On, ("deletion-duration", "0"));
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/pump-1/jobs/notify");
        await Finish(emulator);
        await device.Publish("plant-1/pump-1 hot", Qos.AtMostOnce);
        Assert.Equal(2, (await device.Heard()).Count);
        await emulator.Send("DELETE", "/jobs/update-firmware");
        await emulator.Turns.WhenIdle();

        var metrics = await Read(emulator);
        Assert.Equal(["""{iotjobs_turn_cause="due work"} 2""", """{iotjobs_turn_cause="request"} 4"""], metrics.Values("iotjobs_turns_total"));
        // Notifications of two changes, of which only notify has a subscriber, and the mark.
        Assert.Equal(["""{iotjobs_mqtt_publisher="client"} 1""", """{iotjobs_mqtt_publisher="emulator"} 5"""], metrics.Values("iotjobs_mqtt_published_total"));
        Assert.Equal([" 3"], metrics.Values("iotjobs_mqtt_delivered_total")); // two notifications, and the mark behind them
    }

    [Fact]
    public async Task What_is_there_is_shown_without_the_setting_and_nothing_is_counted()
    {
        using var emulator = new Emulator();
        await Device.Connect(emulator, "pump-1");
        await Finish(emulator);
        await emulator.CreateThing("pump-2");
        await emulator.CreateJob("reboot", "pump-2");
        await emulator.Send("POST", "/things/pump-1", null, Emulator.Signed("iot", "eu-west-1", "222222222222"));

        var answer = await emulator.Send("GET", "/_emulator/metrics");
        Assert.Equal((200, PrometheusText.ContentType), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal(
            $"""
            # Requests, turns and messages are counted with the setting metrics: --metrics on.
            # HELP iotjobs_clock_time_seconds The emulator's time, in seconds since 1970.
            # TYPE iotjobs_clock_time_seconds gauge
            iotjobs_clock_time_seconds {(emulator.Services.GetRequiredService<EmulatorClock>().Now.Milliseconds / 1000.0).ToString(CultureInfo.InvariantCulture)}
            # HELP iotjobs_due_work Duties that are due and not done yet, counted for each account and region.
            # TYPE iotjobs_due_work gauge
            iotjobs_due_work 0
            # HELP iotjobs_executions Job executions by status.
            # TYPE iotjobs_executions gauge
            iotjobs_executions{"{iotjobs_execution_status=\"CANCELED\"}"} 0
            iotjobs_executions{"{iotjobs_execution_status=\"FAILED\"}"} 0
            iotjobs_executions{"{iotjobs_execution_status=\"IN_PROGRESS\"}"} 0
            iotjobs_executions{"{iotjobs_execution_status=\"QUEUED\"}"} 1
            iotjobs_executions{"{iotjobs_execution_status=\"REJECTED\"}"} 0
            iotjobs_executions{"{iotjobs_execution_status=\"REMOVED\"}"} 0
            iotjobs_executions{"{iotjobs_execution_status=\"SUCCEEDED\"}"} 1
            iotjobs_executions{"{iotjobs_execution_status=\"TIMED_OUT\"}"} 0
            # HELP iotjobs_jobs Jobs by status.
            # TYPE iotjobs_jobs gauge
            iotjobs_jobs{"{iotjobs_job_status=\"CANCELED\"}"} 0
            iotjobs_jobs{"{iotjobs_job_status=\"COMPLETED\"}"} 1
            iotjobs_jobs{"{iotjobs_job_status=\"DELETION_IN_PROGRESS\"}"} 0
            iotjobs_jobs{"{iotjobs_job_status=\"IN_PROGRESS\"}"} 1
            iotjobs_jobs{"{iotjobs_job_status=\"SCHEDULED\"}"} 0
            # HELP iotjobs_journal_backlog Changes of rows that wait for SQLite.
            # TYPE iotjobs_journal_backlog gauge
            iotjobs_journal_backlog 0
            # HELP iotjobs_mqtt_connections MQTT clients that are connected.
            # TYPE iotjobs_mqtt_connections gauge
            iotjobs_mqtt_connections 1
            # HELP iotjobs_tenants Accounts and regions that have anything.
            # TYPE iotjobs_tenants gauge
            iotjobs_tenants 2
            # HELP iotjobs_things Things.
            # TYPE iotjobs_things gauge
            iotjobs_things 3

            """,
            answer.Body);
    }

    /// <summary>Executions are added up in several turns.</summary>
    [Fact]
    public async Task Executions_of_many_jobs_are_added_up()
    {
        const int Jobs = 4100;
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var seed = await emulator.Send("POST", "/_emulator/seed", string.Create(CultureInfo.InvariantCulture,
            $$$"""{"calls": [{"repeat": {{{Jobs}}}, "operation": "CreateJob", "input": {"jobId": "job-${n}", "targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{}"}}]}"""));
        Assert.True(seed.Status == 200, seed.Body);

        var metrics = await Read(emulator);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $$"""{iotjobs_execution_status="QUEUED"} {{Jobs}}"""), metrics.Values("iotjobs_executions"));
    }

    [Fact]
    public async Task Work_that_is_due_and_not_done_is_shown()
    {
        using var emulator = new Emulator(("deletion-duration", "10s"));
        await Finish(emulator);
        await emulator.Send("DELETE", "/jobs/update-firmware");
        Assert.Equal([" 0"], (await Read(emulator)).Values("iotjobs_due_work"));
        emulator.Time.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal([" 1"], (await Read(emulator)).Values("iotjobs_due_work"));
        Assert.Equal([" 0"], (await Read(emulator)).Values("iotjobs_due_work")); // done after the answer
    }

    [Fact]
    public async Task Over_a_reset_and_a_restore_counts_go_on_and_what_is_there_follows_the_state()
    {
        using var emulator = new Emulator(On);
        await Finish(emulator);
        await emulator.Send("PUT", "/_emulator/snapshots/finished", "{}");
        await emulator.Send("POST", "/_emulator/reset");
        var empty = await Read(emulator);
        Assert.Equal([" 0"], empty.Values("iotjobs_things"));
        Assert.Equal([" 0"], empty.Values("iotjobs_tenants"));
        Assert.Contains("""{iotjobs_execution_status="SUCCEEDED"} 0""", empty.Values("iotjobs_executions"));
        Assert.Contains("""{iotjobs_turn_cause="request"} 3""", empty.Values("iotjobs_turns_total"));

        await emulator.Send("POST", "/_emulator/snapshots/finished/restore");
        var restored = await Read(emulator);
        Assert.Equal([" 1"], restored.Values("iotjobs_things"));
        Assert.Contains("""{iotjobs_execution_status="SUCCEEDED"} 1""", restored.Values("iotjobs_executions"));
        Assert.Contains("""{iotjobs_turn_cause="request"} 3""", restored.Values("iotjobs_turns_total")); // neither is a turn of a caller
    }

    [Fact]
    public async Task Emulators_in_one_process_count_for_themselves()
    {
        using var one = new Emulator(On);
        using var other = new Emulator(On);
        await Finish(one);
        Assert.NotEmpty((await Read(one)).Values("iotjobs_request_duration_seconds_count"));
        Assert.Empty((await Read(other)).Values("iotjobs_request_duration_seconds_count"));
        var names = new[] { one, other }.Select(emulator => emulator.Services.GetRequiredService<EmulatorTelemetry>()).SelectMany(telemetry => new[] { telemetry.Meter.Name, telemetry.Spans.Name });
        Assert.Equal(2, names.Distinct().Count());
    }

    [Fact]
    public void Attributes_of_a_metric_are_bounded()
    {
        using var meter = new Meter("test");
        var counter = meter.CreateCounter<long>("calls");
        using var table = new MetricTable(meter, counts: true);
        for (var i = 0; i < 3000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("caller", i));
        var series = Assert.Single(table.Read()).Series;
        Assert.Equal(2001, series.Count);
        Assert.Equal(1000, series.Single(one => one.Labels == "otel_metric_overflow=\"true\"").Sum);
    }

    [Fact]
    public void Values_are_escaped_and_buckets_add_up()
    {
        using var meter = new Meter("test");
        var durations = meter.CreateHistogram("call.duration", "s", "Of calls.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        using var table = new MetricTable(meter, counts: true);
        foreach (var duration in new[] { 0.25, 0.5, 0.75, 2 })
            durations.Record(duration, new KeyValuePair<string, object?>("the.caller", "a\\b\"c\nd"));
        Assert.Equal(
            """
            # HELP call_duration_seconds Of calls.
            # TYPE call_duration_seconds histogram
            call_duration_seconds_bucket{the_caller="a\\b\"c\nd",le="0.5"} 2
            call_duration_seconds_bucket{the_caller="a\\b\"c\nd",le="1"} 3
            call_duration_seconds_bucket{the_caller="a\\b\"c\nd",le="+Inf"} 4
            call_duration_seconds_sum{the_caller="a\\b\"c\nd"} 3.5
            call_duration_seconds_count{the_caller="a\\b\"c\nd"} 4

            """,
            PrometheusText.Of(table.Read()));
    }

    private static async Task Finish(Emulator emulator)
    {
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        Assert.Equal(200, (await emulator.Send("POST", "/iot-jobs-data/things/pump-1/jobs/update-firmware", """{"status": "SUCCEEDED"}""")).Status);
        await emulator.Turns.WhenIdle();
    }

    private static async Task<Page> Read(Emulator emulator)
    {
        var answer = await emulator.Send("GET", "/_emulator/metrics");
        Assert.Equal(200, answer.Status);
        return new(answer.Body.Split('\n'));
    }

    /// <summary>The page, by lines.</summary>
    private sealed record Page(string[] Lines)
    {
        /// <summary>The labels and values of a metric.</summary>
        public string[] Values(string name) =>
            [.. Lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[name.Length..])];
    }
}
