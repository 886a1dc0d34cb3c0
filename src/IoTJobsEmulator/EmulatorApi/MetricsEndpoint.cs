using IoTJobsEmulator.Telemetry;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>What monitoring reads.</summary>
internal sealed class MetricsEndpoint(EmulatorTelemetry telemetry)
{
    /// <summary>
    /// Shows the metrics in Prometheus's text form: how many jobs, executions by status, things and MQTT clients there are, and what waits. With --metrics on
    /// also how many requests, turns and messages there were since the start.
    /// </summary>
    public string GetMetrics() => telemetry.MetricsText();
}
