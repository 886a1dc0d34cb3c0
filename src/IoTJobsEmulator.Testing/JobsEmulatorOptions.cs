namespace IoTJobsEmulator.Testing;

/// <summary>How an emulator in the test's process is started.</summary>
public sealed class JobsEmulatorOptions
{
    /// <summary>Whether devices can connect over MQTT, at <see cref="JobsEmulator.MqttPort"/>. It is on unless it is set to false.</summary>
    public bool Mqtt { get; set; } = true;

    /// <summary>
    /// Whether HTTPS and MQTT with TLS are served, at <see cref="JobsEmulator.HttpsUrl"/> and <see cref="JobsEmulator.MqttTlsPort"/>, with
    /// certificates of a CA that lasts as long as the emulator: <see cref="JobsEmulator.CaCertificate"/>.
    /// </summary>
    public bool Tls { get; set; }

    /// <summary>
    /// Takes the lines of the emulator's log, one for each request and each warning, one after the other, on a thread of the emulator. What it
    /// throws is ignored. Null writes no log.
    /// </summary>
    public Action<string>? Log { get; set; }

    /// <summary>
    /// The emulator's settings by their names, as on its command line without the dashes: <c>["rollout"] = "immediate"</c>,
    /// <c>["deletion-duration"] = "0"</c>, <c>["database"] = "jobs.db"</c>. They have precedence over the properties here. Environment variables
    /// and files of settings are not read; those of OpenTelemetry can stand here: <c>["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317"</c>.
    /// </summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
