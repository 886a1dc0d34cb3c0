using System.Collections;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// The variables of the environment that OpenTelemetry defines, whose names begin with <c>OTEL_</c>. The exporter is on when one of them names an endpoint and
/// <c>OTEL_SDK_DISABLED</c> is not true.
/// </summary>
internal sealed record OtlpSettings
{
    public const string Prefix = "OTEL_";

    public static readonly OtlpSettings None = new();

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public IReadOnlyDictionary<string, string?> Variables { get; private init; } = new Dictionary<string, string?>();

    public bool IsOn => SendsTraces || SendsMetrics;

    public bool SendsTraces => Sends("TRACES");

    public bool SendsMetrics => Sends("METRICS");

    /// <summary>Whether they name the service, for which else the emulator has a name.</summary>
    public bool NamesService => IsSet("OTEL_SERVICE_NAME") || Variables.GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) is true;

    /// <summary>Whether they name certificates or a key for the connection to the collector.</summary>
    public bool HasCertificates => Variables.Keys.Any(name => name.EndsWith("_CERTIFICATE", StringComparison.Ordinal));

    /// <summary>Where traces and metrics are sent, for the log.</summary>
    public string Target => Variables.GetValueOrDefault(Endpoint) ?? Variables.First(variable => IsEndpoint(variable.Key)).Value!;

    /// <exception cref="SettingException">An endpoint or a protocol is none. The message is for the user.</exception>
    public static OtlpSettings Read(IDictionary environment)
    {
        var settings = new OtlpSettings
        {
            Variables = environment.Keys.Cast<string>()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && environment[name] is string { Length: > 0 })
                .ToDictionary(name => name, name => (string?)environment[name]),
        };
        if (!settings.IsOn)
            return settings;
        foreach (var (name, value) in settings.Variables)
        {
            if (IsEndpoint(name) && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
                throw new SettingException($"{name}: '{value}' is not a URL such as http://localhost:4317.");
            if (name.EndsWith("_PROTOCOL", StringComparison.Ordinal) && value is not ("grpc" or "http/protobuf"))
                throw new SettingException($"{name}: '{value}' is not grpc or http/protobuf.");
        }
        return settings;
    }

    private static bool IsEndpoint(string name) => name is Endpoint or "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" or "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    private bool Sends(string signal) =>
        !string.Equals(Variables.GetValueOrDefault("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Variables.GetValueOrDefault($"OTEL_{signal}_EXPORTER") != "none"
        && (IsSet(Endpoint) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

    private bool IsSet(string name) => Variables.ContainsKey(name);
}
