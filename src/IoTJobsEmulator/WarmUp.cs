using System.Text;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.WebConsole;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IoTJobsEmulator;

/// <summary>
/// Has .NET compile the code of every operation before somebody first calls it: what ReadyToRun cannot compile ahead would take tens of milliseconds
/// then. The examples of the OpenAPI documents are called in their order, on a second emulator in the same process, which has no ports, no file
/// and no log, and is gone afterwards: the one that has started has nothing of it in its world, journal, events or log.
/// </summary>
internal static class WarmUp
{
    /// <summary>Runs in the background, one call after the other, until the emulator stops.</summary>
    /// <param name="started">The emulator that has started.</param>
    public static async Task Run(EmulatorHost started)
    {
        var stopping = started.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await Task.Yield();
            // Of the emulator itself only what the first request has it make: the table of its routes.
            await started.Services.GetRequiredService<InProcessApi>().Send(ApiRequest.Get(EmulatorRoutes.Prefix + "/health"), stopping);
            var options = new EmulatorOptions();
            await using var scratch = EmulatorHost.Build(options, Stream.Null, builder => builder.Services.AddSingleton<IServer, NoServer>());
            await scratch.StartAsync(stopping);
            var api = scratch.Services.GetRequiredService<InProcessApi>();
            foreach (var request in Requests(scratch.Services, options))
                await api.Send(request, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>A request for each operation of AWS, in the order of the story that the examples tell.</summary>
    internal static IEnumerable<ApiRequest> Requests(IServiceProvider services, EmulatorOptions options)
    {
        var examples = new OpenApiExamples(options);
        return services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Endpoint: endpoint, Operation: endpoint.Metadata.GetMetadata<Operation>()))
            .Where(mapped => mapped.Operation is { } operation && operation.Api != Api.Emulator)
            .OrderBy(mapped => OpenApiTags.SortKey(mapped.Operation!), StringComparer.Ordinal)
            .Select(mapped => Request(mapped.Endpoint, mapped.Operation!, examples, new(options.Account, options.Region)));
    }

    private static ApiRequest Request(RouteEndpoint endpoint, Operation operation, OpenApiExamples examples, Tenant tenant)
    {
        var path = new StringBuilder();
        foreach (var segment in endpoint.RoutePattern.PathSegments)
            path.Append('/').Append(string.Concat(segment.Parts.Select(part => Text(part, operation, examples))));
        var query = endpoint.Metadata.OfType<ParameterMetadata>()
            .Where(parameter => parameter.HasTryParse && endpoint.RoutePattern.GetParameter(parameter.Name) is null && !parameter.ParameterInfo.IsDefined(typeof(HeaderAttribute), false))
            .Select(parameter => (parameter.Name, Value: examples.OfParameter(operation.Name, parameter.Name, !parameter.IsOptional)))
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!.ToString())}");
        var hasBody = operation.Handle.Method.GetParameters().Any(parameter => parameter.ParameterType.IsAssignableTo(typeof(IStructure)) || parameter.ParameterType == typeof(ReadOnlyMemory<byte>));
        return new(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0], string.Join('?', [path.ToString(), .. Query(query)]))
        {
            Tenant = tenant,
            Service = operation.Api switch { Api.IotJobsData => ApiService.IotJobsData, Api.IotData => ApiService.IotData, _ => ApiService.Iot },
            Body = hasBody ? examples.OfBody(operation.Name).ToJsonString() : null,
        };
    }

    private static IEnumerable<string> Query(IEnumerable<string> parts) => string.Join('&', parts) is { Length: > 0 } query ? [query] : [];

    private static string Text(RoutePatternPart part, Operation operation, OpenApiExamples examples) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => Uri.EscapeDataString(examples.OfParameter(operation.Name, parameter.Name, isRequired: true)?.ToString() ?? "none"),
        _ => "",
    };

    /// <summary>Listens on no port.</summary>
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
