using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// Sends traces and metrics to a collector by OTLP. The only code that uses OpenTelemetry's assemblies, which are loaded when it starts. It sends from threads of
/// its own: what the collector does not take is dropped.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const int ShutdownMilliseconds = 2000;

    private readonly OpenTelemetrySdk _sdk;

    private OtlpExport(OpenTelemetrySdk sdk) => _sdk = sdk;

    /// <param name="settings">Where to, and how.</param>
    /// <param name="source">The name of the Meter and the ActivitySource.</param>
    /// <param name="log">Where it is told that the collector does not answer.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IAsyncDisposable Start(OtlpSettings settings, string source, ILogger log)
    {
        var collector = new CollectorHandler.State(settings.Target, log);
        return new OtlpExport(OpenTelemetrySdk.Create(builder =>
        {
            // In place of the environment of the process, which is not that of every emulator.
            builder.Services.Replace(ServiceDescriptor.Singleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Variables).Build()));
            builder.ConfigureResource(resource => Describe(resource, settings));
            if (settings.SendsTraces)
                builder.WithTracing(tracing => tracing.AddSource(source).AddOtlpExporter(options => Watch(options, settings, collector)));
            if (settings.SendsMetrics)
                builder.WithMetrics(metrics => metrics.AddMeter(source).AddOtlpExporter(options => Watch(options, settings, collector)));
        }));
    }

    public async ValueTask DisposeAsync()
    {
        // Both at once. Disposing alone would wait for five seconds for each.
        await Task.WhenAll(
            Task.Run(() => _sdk.TracerProvider.Shutdown(ShutdownMilliseconds)),
            Task.Run(() => _sdk.MeterProvider.Shutdown(ShutdownMilliseconds)));
        _sdk.Dispose();
    }

    private static void Describe(ResourceBuilder resource, OtlpSettings settings)
    {
        if (!settings.NamesService)
            resource.AddService("iot-jobs-emulator", serviceVersion: Banner.Version);
    }

    /// <summary>With certificates of the user's the client is OpenTelemetry's own.</summary>
    private static void Watch(OtlpExporterOptions options, OtlpSettings settings, CollectorHandler.State collector)
    {
        if (!settings.HasCertificates)
            options.HttpClientFactory = () => new(new CollectorHandler(collector)) { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds) };
    }
}
