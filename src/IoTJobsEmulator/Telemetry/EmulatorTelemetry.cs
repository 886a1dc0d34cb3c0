using System.Diagnostics;
using System.Diagnostics.Metrics;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// The metrics and the spans of one emulator, in .NET's own forms: a Meter and an ActivitySource, to which anything in the process may listen. While
/// nobody does, nothing is counted, and a span costs the reading of a field.
/// </summary>
internal sealed class EmulatorTelemetry : IAsyncDisposable
{
    /// <summary>Answers mostly take less than a millisecond.</summary>
    private static readonly InstrumentAdvice<double> OfRequests =
        new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>As the semantic conventions of OpenTelemetry say.</summary>
    private static readonly InstrumentAdvice<double> OfHttp =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    private readonly InstrumentationName _name = InstrumentationName.Take();
    private readonly Histogram<double> _requests, _http;
    private readonly Counter<long> _turns, _published, _delivered;
    private readonly MetricTable? _table;
    private readonly IAsyncDisposable? _export;

    public EmulatorTelemetry(
        EmulatorOptions options, TurnGate turns, EmulatorClock clock, OperationRequests requests, DeviceGateway gateway, ILogger<EmulatorTelemetry> log)
    {
        Spans = new(_name.Text, Banner.Version);
        Meter = new(_name.Text, Banner.Version);
        _http = Meter.CreateHistogram("http.server.request.duration", "s", "Duration of HTTP requests.", tags: null, OfHttp);
        _requests = Meter.CreateHistogram(
            "iotjobs.request.duration", "s", "Duration of requests for operations of AWS, over HTTP and MQTT and of simulated devices.", tags: null, OfRequests);
        _turns = Meter.CreateCounter<long>("iotjobs.turns", "{turn}", "Turns that changed the state and are committed.");
        _published = Meter.CreateCounter<long>("iotjobs.mqtt.published", "{message}", "Messages published to the MQTT broker.");
        _delivered = Meter.CreateCounter<long>("iotjobs.mqtt.delivered", "{message}", "Messages written to MQTT clients.");
        new StateGauges(turns, clock, gateway.Broker).CreateIn(Meter);

        turns.Spans = Spans;
        turns.AddListener(Count);
        (requests.IsCounted, requests.Count) = (() => _requests.Enabled, Count);
        (gateway.Messages.Counted, gateway.Delivered) = (CountPublications, CountDelivery);
        if (options.HasMetrics)
            _table = new(Meter, counts: true);
        if (options.Otlp.IsOn)
            _export = OtlpExport.Start(options.Otlp, _name.Text, log);
    }

    public ActivitySource Spans { get; }

    public Meter Meter { get; }

    /// <summary>Whether somebody wants to know of HTTP requests.</summary>
    public bool ObservesHttp => _http.Enabled || Spans.HasListeners();

    /// <summary>All metrics in Prometheus's text form. What is counted is there with the setting <c>metrics</c> only.</summary>
    public string MetricsText()
    {
        if (_table is not null)
            return PrometheusText.Of(_table.Read());
        using var now = new MetricTable(Meter, counts: false);
        return PrometheusText.OnlyGauges + PrometheusText.Of(now.Read());
    }

    public void CountHttp(TimeSpan duration, in TagList attributes) => _http.Record(duration.TotalSeconds, attributes);

    /// <summary>Sends what is still to be sent, for two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_export is not null)
            await _export.DisposeAsync();
        _table?.Dispose();
        Meter.Dispose();
        Spans.Dispose();
        _name.Dispose();
    }

    private void Count(OperationRequest request)
    {
        var attributes = new TagList { { "iotjobs.operation", request.OperationName ?? "unknown" }, { "iotjobs.transport", TransportText(request) } };
        if (request.Status is { } status)
            attributes.Add("http.response.status_code", status);
        if (request.Error is { } error || (error = request.Status is null ? "no answer" : null) is not null)
            attributes.Add("error.type", error);
        _requests.Record(request.Duration.TotalSeconds, attributes);
    }

    private static string TransportText(OperationRequest request) => request.Transport switch
    {
        Operations.Transport.http => "http",
        Operations.Transport.mqtt => "mqtt",
        _ => "simulator",
    };

    private void Count(TurnEnded turn)
    {
        if (_turns.Enabled && turn.Tenant is not null)
            _turns.Add(1, new KeyValuePair<string, object?>("iotjobs.turn.cause", turn.IsDueWork ? "due work" : "request"));
    }

    private void CountPublications(Mqtt.Protocol.MqttConnection? publisher, int count)
    {
        if (_published.Enabled)
            _published.Add(count, new KeyValuePair<string, object?>("iotjobs.mqtt.publisher", publisher is null ? "emulator" : "client"));
    }

    private void CountDelivery(Mqtt.Protocol.MqttMessage message)
    {
        if (_delivered.Enabled)
            _delivered.Add(1);
    }
}
