using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http;

/// <summary>
/// What all operations of one kind share. An operation is a static class with one <c>Handle</c>; its name is the class, its
/// arguments are bound by name and checked against their shapes, and it runs in a turn of its own.
/// </summary>
internal sealed class OperationGroup(IEndpointRouteBuilder routes, Plane plane, string tag, params ServiceError[] errors)
{
    public OperationEndpoint Get(string pattern, Delegate handle, string? under = null) => Map(HttpMethods.Get, pattern, handle, under);

    public OperationEndpoint Put(string pattern, Delegate handle, string? under = null) => Map(HttpMethods.Put, pattern, handle, under);

    public OperationEndpoint Post(string pattern, Delegate handle, string? under = null) => Map(HttpMethods.Post, pattern, handle, under);

    public OperationEndpoint Patch(string pattern, Delegate handle, string? under = null) => Map(HttpMethods.Patch, pattern, handle, under);

    public OperationEndpoint Delete(string pattern, Delegate handle, string? under = null) => Map(HttpMethods.Delete, pattern, handle, under);

    private OperationEndpoint Map(string method, string pattern, Delegate handle, string? under)
    {
        var operation = new Operation(handle.Method.DeclaringType!.Name, plane, under ?? tag, handle.Method, [.. errors]);
        var documents = routes.ServiceProvider.GetService<DocumentStore>();
        var arguments = new Arguments(handle.Method, pattern, routes.ServiceProvider, documents);
        var turns = routes.ServiceProvider.GetRequiredService<TurnGate>();
        var log = routes.ServiceProvider.GetRequiredService<ILogger<Operation>>();
        var endpoint = new OperationEndpoint(operation, arguments, documents, turns, log);
        var path = plane == Plane.Data ? Planes.Prefix + pattern : pattern;
        routes.MapMethods(path, [method], endpoint.Answer)
            .WithName(operation.EndpointName)
            .WithMetadata([operation, handle.Method, .. arguments.Metadata]);
        return endpoint;
    }
}

/// <summary>What is known of an operation: the documents are made from it, and answers are held against it.</summary>
internal sealed class Operation(string name, Plane plane, string tag, MethodInfo handle, List<ServiceError> errors)
{
    public string Name => name;

    /// <summary>The planes have operations of one name; equal names of endpoints make every request fail.</summary>
    public string EndpointName => $"{plane}.{name}";

    public Plane Plane => plane;

    public string Tag => tag;

    public MethodInfo Handle => handle;

    public IReadOnlyList<ServiceError> Errors => errors;

    public void Declare(IEnumerable<ServiceError> more) => errors.AddRange(more);

    /// <summary>Faults of the emulator itself, a full disk among them, are nobody's own.</summary>
    public bool Declares(ServiceError error) => error.Status >= 500 || errors.Exists(declared => NameOf(declared) == NameOf(error));

    /// <summary>What the error is called on this operation's plane.</summary>
    public string NameOf(ServiceError error) => IsOfDevices ? error.DataPlaneName : error.Name;

    public int StatusOf(ServiceError error) => IsOfDevices ? error.DataPlaneStatus : error.Status;

    private bool IsOfDevices => plane is Plane.Data or Plane.Messages;
}

/// <summary>One operation over HTTP: binds and checks its arguments, takes a turn, writes the answer.</summary>
internal sealed partial class OperationEndpoint(Operation operation, Arguments arguments, DocumentStore? documents, TurnGate turns, ILogger log)
{
    private readonly MethodInvoker _handle = MethodInvoker.Create(operation.Handle);
    private readonly MethodInvoker? _link = arguments.Outside < 0 ? null : MethodInvoker.Create(operation.Handle.DeclaringType!.GetMethod("Link")!);

    // Made when first asked for: for all operations together they would take most of the emulator's start.
    private readonly Lazy<Plan> _constraints = new(() => Constraints.For(operation.Handle));
    private readonly Lazy<JsonTypeInfo> _answer = new(() => WireJson.Options.GetTypeInfo(operation.Handle.ReturnType));

    /// <summary>Errors that this operation can answer beside those of its group.</summary>
    public void Throws(params ServiceError[] errors) => operation.Declare(errors);

    public async Task Answer(HttpContext context)
    {
        var caller = Caller.Of(context);
        caller.Operation = operation.Name;
        var realm = caller.Realm(turns, context);
        var given = await arguments.Read(context, realm);
        object? answer;
        try
        {
            _constraints.Value.Check(given);
            if (arguments.Outside >= 0 && documents is not null)
                given[arguments.Outside] = await Fetch(documents, realm, given[arguments.Body], context.RequestAborted);
            answer = await turns.Take(realm, () => _handle.Invoke(null, given.AsSpan()));
        }
        catch (ServiceException refusal) when (!operation.Declares(refusal.Error))
        {
            LogUndeclared(log, operation.Name, operation.NameOf(refusal.Error));
            throw;
        }
        await WireJson.Write(context.Response, answer, _answer.Value);
    }

    /// <summary>What lies outside is fetched before the operation's turn; which link to follow is for the operation to say, in a turn before it.</summary>
    private async Task<FetchedDocument?> Fetch(DocumentStore documents, Realm realm, object? request, CancellationToken aborted) =>
        await turns.Take(realm, () => _link!.Invoke(null, realm, request)) is string link
            ? FetchedDocument.Read(link, await documents.Read(link, aborted))
            : null;

    [LoggerMessage(LogLevel.Warning, "{Operation} answers {Error}, which Routes.cs does not declare")]
    private static partial void LogUndeclared(ILogger log, string operation, string error);
}
