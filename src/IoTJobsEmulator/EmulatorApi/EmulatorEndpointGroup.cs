using IoTJobsEmulator.Core;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// Maps the emulator's own endpoints. Each is an operation whose method returns a <see cref="ValueTask{T}"/> and gives it its name; one that answers
/// a stream as well returns a <see cref="ListOrStream{T}"/>.
/// Arguments, answers and errors look as those of AWS's operations. They take no turn of their own.
/// </summary>
internal sealed class EmulatorEndpointGroup(IEndpointRouteBuilder routes, string tag)
{
    /// <summary>Whether the OpenAPI document shows them. Those of other tools, under their addresses, it does not.</summary>
    public bool AreDescribed { get; init; } = true;

    public EmulatorEndpoint Get(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Get, path, handle, errors);

    public EmulatorEndpoint Put(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Put, path, handle, errors);

    public EmulatorEndpoint Post(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Post, path, handle, errors);

    public EmulatorEndpoint Patch(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Patch, path, handle, errors);

    public EmulatorEndpoint Delete(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Delete, path, handle, errors);

    /// <summary>Maps a method without parameters whose answer is text and not JSON.</summary>
    public void GetText(string path, string contentType, Func<string> handle)
    {
        var invoker = new OperationInvoker(OperationOf(handle, []));
        Map(HttpMethods.Get, path, invoker.Operation, [], typeof(string), contentType, context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync((string)invoker.Prepare([]).Invoke()!);
        });
    }

    /// <summary>Maps a method without parameters whose answer is a file.</summary>
    public void GetFile(string path, string contentType, Func<ValueTask<Stream>> handle, params ServiceError[] errors)
    {
        var invoker = new OperationInvoker(OperationOf(handle, errors));
        Map(HttpMethods.Get, path, invoker.Operation, [], typeof(Stream), contentType, async context =>
        {
            await using var file = await (ValueTask<Stream>)invoker.Prepare([]).Invoke()!;
            (context.Response.ContentType, context.Response.ContentLength) = (contentType, file.Length);
            await file.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
    }

    private EmulatorEndpoint Map(string method, string path, Delegate handle, ServiceError[] errors)
    {
        var arguments = new ArgumentBinder(handle.Method, path, routes.ServiceProvider, routes.ServiceProvider.GetService<DocumentStore>());
        var own = new EmulatorOperation(OperationOf(handle, [.. arguments.Metadata.Count > 0 ? [ServiceError.InvalidRequest] : (ServiceError[])[], .. errors]));
        var listed = own.Answered.IsAssignableTo(typeof(IListOrStream)) ? own.Answered.GetGenericArguments()[0] : own.Answered;
        return Map(method, path, own.Operation, arguments.Metadata, listed, WireJson.ContentType, async context =>
        {
            var result = await own.Run(own.Invoker.Prepare(await arguments.Read(context, realm: null)));
            if (result is IListOrStream { WriteStream: { } write })
                await write(context.Response);
            else
                await WireJson.Write(context.Response, result is IListOrStream { List: var list } ? list : result, listed);
        });
    }

    private EmulatorEndpoint Map(
        string method, string path, Operation operation, IReadOnlyList<object> arguments, Type answered, string contentType, RequestDelegate endpoint)
    {
        if (!AreDescribed)
        {
            routes.MapMethods(path, [method], endpoint).ExcludeFromDescription();
            return new(alias => routes.MapMethods(alias, [method], endpoint).ExcludeFromDescription(), (_, _) => { });
        }
        routes.MapMethods(path, [method], endpoint)
            .WithName(operation.EndpointName())
            .WithMetadata([operation, operation.Handle.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, answered, [contentType]), .. arguments]);
        return new(
            alias => routes.MapMethods(alias, [method], endpoint).ExcludeFromDescription(),
            (tag, place) => (operation.Tag, operation.Place) = (tag, place));
    }

    private Operation OperationOf(Delegate handle, IEnumerable<ServiceError> errors) => new(handle.Method.Name, Api.Emulator, handle, errors) { Tag = tag };

    /// <summary>An endpoint of the emulator.</summary>
    /// <param name="WithAlias">Maps the endpoint to another path too, under which other tools look for it.</param>
    /// <param name="Under">Shows it in Swagger UI under another tag than its group's, at a place there.</param>
    public sealed record EmulatorEndpoint(Action<string> WithAlias, Action<string, int> Under);
}
