using System.Collections;
using System.Net;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Telemetry;
using IoTJobsEmulator.Wire;
using static IoTJobsEmulator.SettingValues;

namespace IoTJobsEmulator;

/// <summary>
/// The settings. Each has one name in three forms: <c>--deletion-duration 0</c>, <c>IOTJOBS_DELETION_DURATION=0</c>, or
/// <c>{"deletion-duration": 0}</c> in the file that <c>--config</c> names. The command line overrides the environment, which overrides the file.
/// </summary>
public sealed record EmulatorOptions
{
    public int Port { get; private init; } = 8080;

    public string Bind { get; private init; } = "localhost";

    public PortSetting MqttPort { get; private init; } = new("mqtt-port", [1883]);

    public PortSetting MqttTlsPort { get; private init; } = new("mqtt-tls-port", [8883]);

    public PortSetting HttpsPort { get; private init; } = new("https-port", [8443]);

    /// <summary>Where the development CA is kept.</summary>
    public string? TlsFolder { get; private init; }

    /// <summary>The certificate file to use instead of the development CA.</summary>
    public string? TlsCertificate { get; private init; }

    public string? TlsKey { get; private init; }

    public string? Database { get; private init; }

    /// <summary>The file, or the folder of files, of calls that an empty world begins with.</summary>
    public string? Seed { get; private init; }
    /// <summary>The file that is loaded at the start and not changed; null for none.</summary>
    public string? Import { get; private init; }

    /// <summary>The file that the state is written to at the end; null for none.</summary>
    public string? Export { get; private init; }

    public string Account { get; private init; } = "123456789012";

    public string Region { get; private init; } = "us-east-1";

    /// <summary>The settings that can be changed while the emulator runs, as it starts.</summary>
    public Settings Service { get; private init; } = new();

    public string BasePath { get; private init; } = "";

    public string? Endpoint { get; private init; }

    /// <summary>The folder that stands for S3.</summary>
    public string? Documents { get; private init; }

    /// <summary>The S3 endpoint that job documents are read from and presigned URLs lead to; null when none is set.</summary>
    internal S3Location? S3 => S3Endpoint is null ? null : new(S3Endpoint, S3AccessKey, S3SecretKey);

    /// <summary>The beginning of URLs to the emulator; null is the host that the caller used, with HTTPS when it is served.</summary>
    public string? PublicUrl { get; private init; }

    /// <summary>The host names and addresses that the settings give the emulator, beside those that it always has.</summary>
    internal IEnumerable<string> Hosts
    {
        get
        {
            string?[] given = [Bind, HostIn(Endpoint), PublicUrl is null ? null : new Uri(PublicUrl).IdnHost];
            var allowed = AllowedHosts.Select(host => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host);
            return given.OfType<string>().Concat(allowed).Where(host => host != Any);
        }
    }

    private Uri? S3Endpoint { get; init; }

    private string S3AccessKey { get; init; } = "test";

    private string S3SecretKey { get; init; } = "test";

    /// <summary>How many requests the journal of requests keeps; 0 keeps none.</summary>
    public int JournalSize { get; private init; } = 1000;

    /// <summary>Whether the web console is served.</summary>
    public bool HasConsole { get; private init; } = true;

    /// <summary>Whether requests, turns and messages are counted for <c>/_emulator/metrics</c>.</summary>
    public bool HasMetrics { get; private init; }

    /// <summary>Where metrics and traces are sent to.</summary>
    internal OtlpSettings Otlp { get; private init; } = OtlpSettings.None;

    public LogLevel LogLevel { get; private init; } = LogLevel.Information;

    /// <summary>Origins whose web pages may call the emulator, such as <c>http://localhost:3000</c>; <see cref="Any"/> is all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; private init; } = [];

    /// <summary>Host names that are served beside those of this machine; <c>*.example.com</c> is all under it, <see cref="Any"/> is all.</summary>
    public IReadOnlyList<string> AllowedHosts { get; private init; } = [];

    /// <summary>Stands for all origins or hosts.</summary>
    public const string Any = "*";

    private const string Config = "config";

    private const int MaxRegion = 64;

    private static readonly Setting[] Known =
    [
        new("port", "8080", "the port to listen on; 0 picks a free one and says which",
            (options, text) => options with { Port = Number(text, IPEndPoint.MaxPort) }),
        new("bind", "localhost", "the address to listen on; * is all addresses",
            (options, text) => options with { Bind = Address(text) }),
        new("mqtt-port", "1883", "the port of MQTT, several as in 1883,1884; 0 picks a free one, off is none",
            (options, text) => options with { MqttPort = options.MqttPort.Given(PortsOrOff(text)) }),
        new("mqtt-tls-port", "8883", "the port of MQTT with TLS; likewise",
            (options, text) => options with { MqttTlsPort = options.MqttTlsPort.Given(PortsOrOff(text)) }),
        new("https-port", "8443", "the port of HTTPS, of MQTT over secure WebSockets, and of MQTT with TLS by ALPN; likewise",
            (options, text) => options with { HttpsPort = options.HttpsPort.Given(PortsOrOff(text)) }),
        new("tls-folder", "a folder of the user", "where the development CA is kept, which is made when TLS is first used",
            (options, text) => options with { TlsFolder = NotEmpty(text) }),
        new("tls-certificate", "of the development CA", "a PEM file with the certificate to show instead",
            (options, text) => options with { TlsCertificate = ExistingFile(text) }),
        new("tls-key", "in that file", "a PEM file with its key",
            (options, text) => options with { TlsKey = ExistingFile(text) }),
        new("database", "none", "the SQLite file that keeps the state; without one it is gone at exit",
            (options, text) => options with { Database = NotEmpty(text) }),
        new("seed", "none", "a JSON file of calls that an empty world begins with, or a folder of such files",
            (options, text) => options with { Seed = Path.Exists(text) ? text : throw Expected("a file or a folder") }),
        new("import", "none", "an SQLite file of --database or --export to begin with; it is not changed",
            (options, text) => options with { Import = ExistingFile(text) }),
        new("export", "none", "an SQLite file that the state is written to at exit",
            (options, text) => options with { Export = NotEmpty(text) }),
        new("account", "123456789012", "the account of callers whose access key id is no account",
            (options, text) => options with { Account = Arn.IsAccount(text) ? text : throw Expected("12 digits") }),
        new("region", "us-east-1", "the region of callers who do not sign",
            (options, text) => options with { Region = text.Length is > 0 and <= MaxRegion && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? text : throw Expected("a region's name") }),
        new("deletion-duration", "2s", "how long a job is in DELETION_IN_PROGRESS at the least; 0 is as short as can be",
            (options, text) => options.WithService(service => service with { DeletionDuration = Duration.TryRead(text, out var duration) ? duration.Span : throw Expected(Duration.Forms) })),
        new("rollout", "paced", "paced: rollouts keep to their rate; immediate: everything is queued at once",
            (options, text) => options.WithService(service => service with { Rollout = Mode(text) })),
        new("active-jobs", "100000", "jobs of an account and region that may be unfinished",
            (options, text) => options.WithService(service => service with { ActiveJobs = Number(text, int.MaxValue) })),
        new("concurrent-jobs", "500", "jobs of an account and region that may roll out or cancel at once",
            (options, text) => options.WithService(service => service with { ConcurrentJobs = Number(text, int.MaxValue) })),
        new("targets-per-job", "100", "targets that a job may have",
            (options, text) => options.WithService(service => service with { TargetsPerJob = Number(text, int.MaxValue) })),
        new("base-path", "none", "a path before all paths of the API, as in http://localhost:8080/aws",
            (options, text) => options with { BasePath = text.StartsWith('/') && text.All(c => char.IsAsciiLetterOrDigit(c) || "/-._~".Contains(c)) ? text.TrimEnd('/') : throw Expected("a path that begins with /") }),
        new("endpoint", "as the caller reached it", "the host that DescribeEndpoint answers",
            (options, text) => options with { Endpoint = Uri.CheckHostName(new HostString(text).Host) != UriHostNameType.Unknown ? text : throw Expected("a host name, a port behind it") }),
        new("documents", "none", "a folder that stands for S3, laid out bucket/key: job documents are read from it, presigned URLs lead to it",
            (options, text) => options with { Documents = Directory.Exists(text) ? text : throw Expected("a folder that exists") }),
        new("s3-endpoint", "none", "an S3-compatible endpoint, for the same instead of a folder",
            (options, text) => options with { S3Endpoint = Url(text) }),
        new("s3-access-key", "test", "the access key id for it",
            (options, text) => options with { S3AccessKey = NotEmpty(text) }),
        new("s3-secret-key", "test", "the secret access key for it",
            (options, text) => options with { S3SecretKey = NotEmpty(text) }),
        new("public-url", "the caller's host, with HTTPS", "the emulator's address in the URLs that devices get with documents",
            (options, text) => options with { PublicUrl = Url(text).AbsoluteUri.TrimEnd('/') }),
        new("allowed-origins", "none", "web pages that may call the emulator, as in http://localhost:3000,https://example.com; * is all",
            (options, text) => options with { AllowedOrigins = [.. List(text).Select(Origin)] }),
        new("allowed-hosts", "this machine's", "host names that are served, too, as in jobs.test,*.example.com; * is all",
            (options, text) => options with { AllowedHosts = [.. List(text).Select(HostName)] }),
        new("journal-size", "1000", "how many requests GET /_emulator/requests remembers, 1000000 at most; 0 is none",
            (options, text) => options with { JournalSize = Number(text, 1_000_000) }),
        new("console", "on", "the web console at /_emulator/console; off leaves it out",
            (options, text) => options with { HasConsole = OnOrOff(text) }),
        new("metrics", "off", "on counts requests, turns and messages for /_emulator/metrics, which else has only what is there at the moment",
            (options, text) => options with { HasMetrics = OnOrOff(text) }),
        new("log-level", "information", "debug, information (a line for each request but health checks), warning or error",
            (options, text) => options with { LogLevel = Level(text) }),
    ];

    public static string Help { get; } = $"""
        AWS IoT Jobs on your machine.

        usage: iot-jobs-emulator [serve] [--SETTING VALUE]..., or IoTJobsEmulator [--SETTING VALUE]...

        {string.Join('\n', Known.Select(setting => setting.ToString()))}
          --config FILE               JSON file of settings: {"{"}"port": 8080{"}"}

        Each can also be set in the environment: IOTJOBS_DELETION_DURATION=0 is --deletion-duration 0.
        Durations are {Duration.Forms}.

        With OTEL_EXPORTER_OTLP_ENDPOINT in the environment metrics and traces are sent there, as OpenTelemetry's other variables say.

          --health-check              exit with 0 if the emulator on this port is healthy, else with 1
          --version, --help
        """;

    /// <summary>Reads all settings.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The variables of the emulator and of OpenTelemetry; others are ignored.</param>
    /// <exception cref="SettingException">A setting is unknown or has an invalid value.</exception>
    public static EmulatorOptions Read(IEnumerable<string> arguments, IDictionary environment)
    {
        var commandLine = GivenSetting.FromCommandLine(arguments);
        var variables = GivenSetting.FromEnvironment(environment);
        var file = Find(Config, commandLine, variables) is { } named ? GivenSetting.FromFile(named.Value) : [];
        var options = file.Concat(variables).Concat(commandLine).Where(given => given.Name != Config).Aggregate(new EmulatorOptions(), Apply);
        if (options is { Documents: not null, S3Endpoint: not null })
            throw new SettingException("documents and s3-endpoint stand for the same: only one of them can be set.");
        if (options is { Database: not null, Import: not null })
            throw new SettingException("import and database both say what to begin with: only one of them can be set. A copy of the file can be the database.");
        if (options is { TlsKey: not null, TlsCertificate: null })
            throw new SettingException("tls-key is the key of tls-certificate: it cannot be set alone.");
        return options with { Otlp = OtlpSettings.Read(environment) };
    }

    private static GivenSetting? Find(string name, params IEnumerable<GivenSetting>[] sources) =>
        sources.Select(source => source.LastOrDefault(given => given.Name == name)).FirstOrDefault(given => given is not null);

    private static EmulatorOptions Apply(EmulatorOptions options, GivenSetting given)
    {
        var setting = Array.Find(Known, known => known.Name == given.Name)
            ?? throw new SettingException($"Unknown setting {given.Origin}.") { Nearest = SettingNames.NearestTo(given.Name, Known.Select(known => known.Name)) };
        try
        {
            return setting.Apply(options, given.Value);
        }
        catch (FormatException expected)
        {
            throw new SettingException($"{given.Origin}: '{given.Value}' is not {expected.Message}.");
        }
    }

    private EmulatorOptions WithService(Func<Settings, Settings> change) => this with { Service = change(Service) };

    /// <summary>The host of a text that is a host alone or a host and a port.</summary>
    private static string? HostIn(string? text) => Uri.TryCreate($"https://{text}", UriKind.Absolute, out var url) ? url.IdnHost : null;

    /// <summary>A setting, and a function that puts its text into the options. The function throws a FormatException that says what is expected.</summary>
    private sealed record Setting(string Name, string Default, string Meaning, Func<EmulatorOptions, string, EmulatorOptions> Apply)
    {
        public override string ToString() => $"  {"--" + Name,-27} {Meaning} ({Default})";
    }
}

/// <summary>The ports of a protocol, none when it is off, and whether the user has named them.</summary>
public sealed record PortSetting(string Name, IReadOnlyList<int> Ports, bool IsGiven = false)
{
    public PortSetting Given(IReadOnlyList<int> ports) => this with { Ports = ports, IsGiven = true };
}

/// <summary>A setting is refused. The message is shown to the user.</summary>
public sealed class SettingException(string message) : Exception(message)
{
    /// <summary>The setting whose name is most like the one that is unknown; null when none is.</summary>
    public string? Nearest { get; init; }
}
