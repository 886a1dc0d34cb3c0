using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.WebConsole;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IoTJobsEmulator;

/// <summary>
/// Has .NET compile the code of every operation before somebody first calls it: what ReadyToRun cannot compile ahead would take tens of milliseconds
/// then. The examples of the OpenAPI documents are called in their order, on a second emulator in the same process, which has no file, no log and no
/// port but one that the system picks, and is gone afterwards: the one that has started has nothing of it in its world, journal, events or log.
/// It keeps out of the way: while somebody calls the emulator over HTTP, it waits. Whoever only asks again and again whether it is ready does not keep it.
/// </summary>
internal sealed class WarmUp(EmulatorHost started)
{
    private const long SmallHeap = 32 << 20;

    /// <summary>How long, in milliseconds, the start waits at most for an answer of its own.</summary>
    private const int LongestWait = 1000;

    /// <summary>
    /// Begins at most twice this after the last call. That is less than 100 ms, after which .NET counts calls to compile again what is called often: with
    /// those of the warm-up counted that would be two thousand methods, for nobody.
    /// </summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(45);

    private readonly InProcessApi _api = started.Services.GetRequiredService<InProcessApi>();
    private readonly TimeProvider _machine = started.Services.GetRequiredService<TimeProvider>();
    private long _seen = -1;

    private CancellationToken Stopping => started.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>
    /// Has the emulator make what its first request would have it make: the table of its routes. Called before the start, it does so beside the opening
    /// of the ports, as soon as there is a pipeline; a request that comes meanwhile waits for the rest.
    /// </summary>
    public Task MakeRoutes() => _api.Send(ApiRequest.Get(HealthChecks.Health), Stopping);

    /// <summary>
    /// Calls some operations on a world of its own, while another core composes the emulator: what the first jobs of most callers need. Tables, constraints and
    /// JSON are loaded by it, for which the first requests would wait.
    /// </summary>
    /// <returns>The answers, as JSON.</returns>
    public static IReadOnlyList<string> CallWithoutHost()
    {
        var settings = EmulatorOptions.Read([], new Hashtable());
        var examples = new OpenApiExamples(settings);
        var realm = new World(() => Guid.Empty).Realm(settings.Account, settings.Region);
        Delegate[] operations = [CreateThing.Handle, CreateThingGroup.Handle, AddThingToThingGroup.Handle, CreateJob.Handle, DescribeJob.Handle, ListJobs.Handle];
        return [.. operations.Select(handle => Call(Operation.Of(handle, Api.Iot, []), realm, examples))];
    }

    /// <summary>
    /// Asks the emulator over a socket whether it is there, once its ports are open, and waits for the answer: what .NET compiles for a first connection, and the
    /// table of routes, are then there for the first client. It does not matter whether it can be reached from here.
    /// </summary>
    public void AskOverSocket()
    {
        var address = started.Address!;
        var bound = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Loopback;
        var reached = bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
        // Nothing of it is asynchronous: that would be compiled for this one call.
        try
        {
            using var socket = new Socket(reached.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = LongestWait, SendTimeout = LongestWait };
            socket.Connect(new IPEndPoint(reached, address.Port));
            socket.Send(Encoding.ASCII.GetBytes($"GET {HealthChecks.Health} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            socket.Receive(new byte[1024]);
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Calls the operations in the background, one call after the other, until the emulator stops.</summary>
    public async Task Run()
    {
        var stopping = Stopping;
        try
        {
            await UntilQuiet(stopping);
            await CallAll(stopping);
            // Gives back what the second emulator has taken. It stops all threads, for some milliseconds where the heap is small.
            if (GC.GetTotalMemory(forceFullCollection: false) < SmallHeap)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task CallAll(CancellationToken stopping)
    {
        var settings = EmulatorOptions.Read(["--port=0", "--bind=127.0.0.1", "--mqtt-port=off", "--mqtt-tls-port=off", "--https-port=off"], new Hashtable());
        await using var scratch = EmulatorHost.Build(settings, Stream.Null);
        await scratch.StartAsync(stopping);
        var api = scratch.Services.GetRequiredService<InProcessApi>();
        foreach (var request in Requests(scratch.Services, settings))
        {
            await UntilQuiet(stopping);
            await api.Send(request, stopping);
        }
    }

    /// <summary>Completes when nobody has called the emulator for a while.</summary>
    private async Task UntilQuiet(CancellationToken stopping)
    {
        while (_api.Arrived is var arrived && arrived != _seen)
        {
            _seen = arrived;
            await Task.Delay(Quiet, _machine, stopping);
        }
    }

    private static string Call(Operation operation, Realm realm, OpenApiExamples examples)
    {
        var parameters = operation.Handle.Method.GetParameters();
        var answer = new OperationInvoker(operation).Prepare(Array.ConvertAll(parameters, Argument)).Invoke();
        using var json = WireJson.Text(answer, operation.Handle.Method.ReturnType);
        return Encoding.UTF8.GetString(json.Written.Span);

        object? Argument(ParameterInfo parameter) =>
            parameter.ParameterType == typeof(Realm) ? realm
            : parameter.ParameterType.IsAssignableTo(typeof(IStructure)) ? examples.OfBody(operation.Name).Deserialize(parameter.ParameterType, WireJson.Options)
            : parameter.IsOptional ? null
            : examples.OfParameter(operation.Name, parameter.Name!, isRequired: true)?.ToString();
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
}
