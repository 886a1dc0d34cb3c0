using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using IoTJobsEmulator.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Telemetry;

/// <summary>The program with OpenTelemetry's variables, and a collector that takes what it sends.</summary>
public sealed class OtlpTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = "00f067aa0ba902b7";

    /// <summary>So that a test need not wait for the usual five seconds, and minute.</summary>
    private const string Soon = "OTEL_BSP_SCHEDULE_DELAY=20 OTEL_METRIC_EXPORT_INTERVAL=20";

    [Theory]
    [InlineData(HttpProtocols.Http1, "http/protobuf")]
    [InlineData(HttpProtocols.Http2, "grpc")]
    public async Task Traces_and_metrics_reach_a_collector(HttpProtocols http, string protocol)
    {
        await using var collector = await Collector.Start(http);
        using var emulator = await Start(
            $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url} OTEL_EXPORTER_OTLP_PROTOCOL={protocol} OTEL_EXPORTER_OTLP_HEADERS=api-key=secret OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test {Soon}");
        await CreateJob(emulator);
        await collector.Until(() => collector.Spans.Count(span => span.TraceId == TraceId) >= 4
            && collector.Metrics.Contains("iotjobs.request.duration") && collector.Metrics.Contains("http.server.request.duration"));

        var trace = collector.Spans.Where(span => span.TraceId == TraceId).ToArray();
        var request = trace.Single(span => span.Name == "PUT /jobs/{jobId}");
        var turn = trace.Single(span => span.Name == "turn");
        Assert.Equal(("IoTJobsEmulator", Caller, request.SpanId), (request.Scope, request.ParentSpanId, turn.ParentSpanId));
        Assert.Equal(
            ["publish $aws/things/{thingName}/jobs/notify", "publish $aws/things/{thingName}/jobs/notify-next"],
            trace.Where(span => span.ParentSpanId == turn.SpanId).Select(span => span.Name).Order());
        foreach (var name in new[] { "http.server.request.duration", "iotjobs.turns", "iotjobs.executions", "iotjobs.journal.backlog", "iotjobs.due_work", "iotjobs.mqtt.connections" })
            Assert.Contains(name, collector.Metrics);
        // OpenTelemetry exports metrics without a resource when the interval ends before it is set up itself, as such a short one may.
        var named = collector.Resources.Where(resource => resource.Length > 0).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, resource => Assert.Contains("service.name=iot-jobs-emulator", resource, StringComparison.Ordinal));
        Assert.All(named, resource => Assert.Contains("deployment.environment.name=test", resource, StringComparison.Ordinal));
        Assert.Equal("secret", collector.Headers["api-key"]);
        Assert.NotEmpty(OpenTelemetryIn(emulator));
        await emulator.Terminate();
    }

    /// <summary>Without waiting for the intervals: what is left is sent at the end.</summary>
    [Fact]
    public async Task What_is_left_is_sent_at_the_end_with_the_name_that_was_given()
    {
        await using var collector = await Collector.Start();
        using var emulator = await Start($"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_SERVICE_NAME=jobs OTEL_METRICS_EXPORTER=none");
        await CreateJob(emulator);
        await emulator.Terminate();
        Assert.Contains(collector.Spans, span => span.TraceId == TraceId);
        Assert.Contains("service.name=jobs", collector.Resources.First(), StringComparison.Ordinal);
        Assert.Empty(collector.Metrics);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OTEL_SERVICE_NAME=jobs")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_SDK_DISABLED=true")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=none")]
    public async Task Nothing_of_it_is_loaded_while_it_is_off(string variables)
    {
        using var emulator = await Start(variables, "--metrics", "on");
        await CreateJob(emulator);
        using var http = new HttpClient();
        Assert.Contains("iotjobs_turns_total", await http.GetStringAsync(new Uri(emulator.Url, "/_emulator/metrics"), Cancelled), StringComparison.Ordinal);
        Assert.Empty(OpenTelemetryIn(emulator));
        await emulator.Terminate();
    }

    /// <summary>It refuses connections, or takes them and never answers.</summary>
    [Theory]
    [InlineData(true, "http/protobuf")]
    [InlineData(false, "http/protobuf")]
    [InlineData(true, "grpc")]
    [InlineData(false, "grpc")]
    public async Task A_collector_that_does_not_answer_is_one_line_of_the_log_and_nobody_waits_for_it(bool refuses, string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        if (refuses)
            silent.Stop();
        using var emulator = await Start(
            $"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{port} OTEL_EXPORTER_OTLP_PROTOCOL={protocol} OTEL_EXPORTER_OTLP_TIMEOUT=100 OTEL_BSP_SCHEDULE_DELAY=20", "--log-level", "warning");
        await CreateJob(emulator);
        await emulator.Line("speaks of the collector", line => line.Contains($"cannot be sent to http://127.0.0.1:{port}", StringComparison.Ordinal));
        emulator.ReadToTheEnd();
        using var http = new HttpClient { BaseAddress = emulator.Url };
        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/jobs/update-firmware", UriKind.Relative), Cancelled)).StatusCode);
        Assert.Equal(0, await emulator.Terminate());
        Assert.Equal("", emulator.Said);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317", "OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' is not a URL such as http://localhost:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' is not grpc or http/protobuf.")]
    public void A_variable_that_cannot_be_used_is_refused_by_name(string variables, string message) =>
        Assert.Equal(message, Assert.Throws<SettingException>(() => EmulatorOptions.Read([], Environment(variables))).Message);

    [Fact]
    public async Task An_emulator_that_sends_tells_nothing_of_another_in_its_process()
    {
        await using var collector = await Collector.Start();
        await using var silent = new Emulator();
        await using var sender = new Emulator(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "20"));
        Assert.Equal(200, (await silent.Send("GET", "/jobs", null, ("traceparent", $"00-{TraceId}-{Caller}-01"))).Status);
        Assert.Equal(200, (await sender.Send("GET", "/things")).Status);
        Assert.False(silent.Services.GetRequiredService<EmulatorTelemetry>().ObservesHttp);
        await collector.Until(() => collector.Spans.Any(span => span.Name == "GET /things"));
        await sender.DisposeAsync();
        Assert.DoesNotContain(collector.Spans, span => span.TraceId == TraceId);
    }

    private static System.Collections.Hashtable Environment(string variables)
    {
        var environment = new System.Collections.Hashtable();
        foreach (var variable in variables.Split(' '))
            environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        return environment;
    }

    private static Task<EmulatorProcess> Start(string variables, params string[] arguments) =>
        EmulatorProcess.StartBehind(variables.Length == 0 ? "true" : "export " + variables, arguments);

    private static async Task CreateJob(EmulatorProcess emulator)
    {
        using var http = new HttpClient { BaseAddress = emulator.Url };
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync(new Uri("/things/pump-1", UriKind.Relative), null, Cancelled)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/jobs/update-firmware")
        {
            Content = JsonContent.Create(new { targets = new[] { "arn:aws:iot:us-east-1:123456789012:thing/pump-1" }, document = "{}" }),
            Headers = { { "traceparent", $"00-{TraceId}-{Caller}-01" } },
        };
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request, Cancelled)).StatusCode);
    }

    /// <summary>The assemblies of OpenTelemetry that the process has loaded.</summary>
    private static string[] OpenTelemetryIn(EmulatorProcess emulator)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system does not say which files a process has mapped.");
        var files = File.ReadLines($"/proc/{emulator.Id}/maps").Select(Path.GetFileName).OfType<string>().ToHashSet();
        Assert.Contains("IoTJobsEmulator.Core.dll", files);
        return [.. files.Where(file => file.StartsWith("OpenTelemetry", StringComparison.Ordinal))];
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
