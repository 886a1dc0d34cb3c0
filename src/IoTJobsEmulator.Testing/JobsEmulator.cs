using System.Collections;
using System.Security.Cryptography.X509Certificates;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// An emulator of AWS IoT Jobs in the test's process, on free ports of the loopback interface. Any number can run at once. None uses the console,
/// the signals or the environment variables of the process. It keeps nothing, unless its settings name a file. It has no web console.
/// </summary>
public sealed class JobsEmulator : EmulatorClient
{
    private const string Off = "off", Free = "0", Console = "console", OpenTelemetry = "OTEL_";

    private readonly EmulatorHost _host;
    private readonly X509Certificate2? _caCertificate;
    private readonly DirectoryInfo? _tlsFolder;
    private bool _isEnded;

    private JobsEmulator(EmulatorHost host, Uri address, DirectoryInfo? tlsFolder, X509Certificate2? caCertificate)
        : base(address) => (_host, _tlsFolder, _caCertificate) = (host, tlsFolder, caCertificate);

    /// <summary>The TCP port of MQTT on 127.0.0.1.</summary>
    /// <exception cref="InvalidOperationException">MQTT was switched off.</exception>
    public int MqttPort => PortOf("mqtt", $"{nameof(JobsEmulatorOptions)}.{nameof(JobsEmulatorOptions.Mqtt)}");

    /// <summary>The TCP port of MQTT with TLS on 127.0.0.1. Its certificate is for <c>localhost</c> and 127.0.0.1, and for AWS's host names.</summary>
    /// <exception cref="InvalidOperationException">TLS was not asked for.</exception>
    public int MqttTlsPort => PortOf("mqtts", $"{nameof(JobsEmulatorOptions)}.{nameof(JobsEmulatorOptions.Tls)}");

    /// <summary>The address of HTTPS, where the whole API is, and MQTT over secure WebSockets at <c>/mqtt</c>.</summary>
    /// <exception cref="InvalidOperationException">TLS was not asked for.</exception>
    public Uri HttpsUrl => new UriBuilder(ServiceUrl)
    {
        Scheme = Uri.UriSchemeHttps,
        Host = "localhost",
        Port = PortOf("https", $"{nameof(JobsEmulatorOptions)}.{nameof(JobsEmulatorOptions.Tls)}"),
    }.Uri;

    /// <summary>What clients of <see cref="HttpsUrl"/> and <see cref="MqttTlsPort"/> are to trust, without its key. It is disposed of with the emulator.</summary>
    /// <exception cref="InvalidOperationException">TLS was not asked for.</exception>
    public X509Certificate2 CaCertificate => _caCertificate ?? throw IsOff($"{nameof(JobsEmulatorOptions)}.{nameof(JobsEmulatorOptions.Tls)}");

    /// <summary>Starts an emulator. It answers requests when the task is complete.</summary>
    /// <param name="configure">Says what it is to have.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="EmulatorException">A setting is unknown, has a value that it cannot have, or names something that cannot be used; or a call of the seed is refused.</exception>
    /// <exception cref="OperationCanceledException">The start was given up.</exception>
    public static Task<JobsEmulator> StartAsync(Action<JobsEmulatorOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new JobsEmulatorOptions();
        configure?.Invoke(options);
        // What runs on in the background must not hold on to the context of the test that happened to start it.
        using (ExecutionContext.SuppressFlow())
            return Task.Run(() => Start(options, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Ends the emulator. Its ports, connections, threads and temporary files are gone when the task is complete, and its state is in the file of the
    /// setting <c>export</c>, if it has one.
    /// </summary>
    /// <exception cref="EmulatorException">The state could not be written to that file. The emulator has ended all the same.</exception>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isEnded, true))
            return;
        try
        {
            // On a thread without the context of the test, which must not have to wait for itself.
            await Task.Run(async () =>
            {
                await _host.StopAsync();
                _host.Export();
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StorageException or ServiceException)
        {
            throw new EmulatorException(exception.Message, exception);
        }
        finally
        {
            await _host.DisposeAsync().ConfigureAwait(false);
            _caCertificate?.Dispose();
            _tlsFolder?.Delete(recursive: true);
        }
    }

    private static async Task<JobsEmulator> Start(JobsEmulatorOptions options, CancellationToken cancellationToken)
    {
        var tlsFolder = options.Tls && !options.Settings.ContainsKey("tls-folder") ? Directory.CreateTempSubdirectory("iot-jobs-emulator-tls-") : null;
        EmulatorHost? host = null;
        try
        {
            host = EmulatorHost.Build(Read(options, tlsFolder), options.Log is { } log ? new LineStream(log) : Stream.Null);
            await host.StartAsync(cancellationToken);
            var address = new UriBuilder(host.Address!) { Path = options.Settings.TryGetValue("base-path", out var path) ? path : "" }.Uri;
            return new(host, address, tlsFolder, options.Tls ? X509Certificate2.CreateFromPem(host.CaPem) : null);
        }
        catch (Exception exception)
        {
            if (host is not null)
                await host.DisposeAsync();
            tlsFolder?.Delete(recursive: true);
            if (exception is SettingException or StorageException or SeedException)
                throw new EmulatorException(exception.Message, exception);
            throw;
        }
    }

    private static EmulatorOptions Read(JobsEmulatorOptions options, DirectoryInfo? tlsFolder)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["port"] = Free,
            ["mqtt-port"] = options.Mqtt ? Free : Off,
            ["mqtt-tls-port"] = options.Tls ? Free : Off,
            ["https-port"] = options.Tls ? Free : Off,
            [Console] = Off,
        };
        if (tlsFolder is not null)
            settings["tls-folder"] = tlsFolder.FullName;
        if (options.Log is null)
            settings["log-level"] = "error";
        var environment = new Hashtable();
        foreach (var (name, value) in options.Settings)
        {
            if (name.StartsWith(OpenTelemetry, StringComparison.Ordinal))
                environment[name] = value;
            else
                settings[name] = value;
        }
        if (settings[Console] != Off)
            throw new EmulatorException($"--{Console}: The console's scripts and styles are not in the package. The program and the container have it.");
        return EmulatorOptions.Read(settings.Select(setting => $"--{setting.Key}={setting.Value}"), environment);
    }

    private int PortOf(string scheme, string option)
    {
        foreach (var (open, port) in _host.OtherPorts)
        {
            if (open == scheme)
                return port;
        }
        throw IsOff(option);
    }

    private static InvalidOperationException IsOff(string option) => new($"The emulator was started without it: {option} is false.");
}
