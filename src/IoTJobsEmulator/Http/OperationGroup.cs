using IoTJobsEmulator.Core;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Http;

/// <summary>
/// Maps the operations of a resource: their API, their tag in Swagger UI, and the errors that all of them declare. An operation is a
/// static class with a method <c>Handle</c>; its name is that of the class.
/// </summary>
internal sealed class OperationGroup(IEndpointRouteBuilder routes, Api api, string tag, params ServiceError[] errors)
{
    /// <summary>Whether each operation runs in a turn. One that neither reads nor writes the state of the accounts needs none.</summary>
    public bool TakesTurns { get; init; } = true;

    public OperationEndpoint Get(string pattern, Delegate handle) => Map(HttpMethods.Get, pattern, handle);

    public OperationEndpoint Put(string pattern, Delegate handle) => Map(HttpMethods.Put, pattern, handle);

    public OperationEndpoint Post(string pattern, Delegate handle) => Map(HttpMethods.Post, pattern, handle);

    public OperationEndpoint Patch(string pattern, Delegate handle) => Map(HttpMethods.Patch, pattern, handle);

    public OperationEndpoint Delete(string pattern, Delegate handle) => Map(HttpMethods.Delete, pattern, handle);

    private OperationEndpoint Map(string method, string pattern, Delegate handle)
    {
        var services = routes.ServiceProvider;
        var operation = Operation.Of(handle, api, errors);
        operation.Tag = tag;
        var documents = services.GetService<DocumentStore>();
        var arguments = new ArgumentBinder(handle.Method, pattern, services, documents);
        var endpoint = new OperationEndpoint(
            new(operation), arguments, documents, services.GetRequiredService<TurnGate>(), services.GetRequiredService<OperationRequests>(),
            TakesTurns, services.GetRequiredService<ILogger<Operation>>());
        routes.MapMethods(api == Api.IotJobsData ? ApiSelector.IotJobsDataPrefix + pattern : pattern, [method], endpoint.Answer)
            .WithName(operation.EndpointName())
            .WithMetadata([operation, endpoint, handle.Method, .. arguments.Metadata]);
        return endpoint;
    }
}

/// <summary>How ASP.NET names the endpoint of an operation.</summary>
internal static class EndpointNames
{
    /// <summary>APIs have operations of the same name, and endpoints of the same name make every request fail.</summary>
    public static string EndpointName(this Operation operation) => $"{operation.Api}.{operation.Name}";
}
