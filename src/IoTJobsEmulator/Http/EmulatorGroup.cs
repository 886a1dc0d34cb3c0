using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http;

/// <summary>
/// How the emulator's own endpoints are mapped: methods that answer with a <see cref="ValueTask{T}"/>, named as they are, whose arguments,
/// answers and errors look as those of the operations do. They take no turn of their own.
/// </summary>
internal sealed class EmulatorGroup(IEndpointRouteBuilder routes, string tag)
{
    public Mapped Get(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Get, path, handle, errors);

    public Mapped Put(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Put, path, handle, errors);

    public Mapped Post(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Post, path, handle, errors);

    public Mapped Patch(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Patch, path, handle, errors);

    public Mapped Delete(string path, Delegate handle, params ServiceError[] errors) => Map(HttpMethods.Delete, path, handle, errors);

    /// <summary>What is answered as text and not as JSON.</summary>
    public void GetText(string path, string contentType, Func<string> handle) => Map(HttpMethods.Get, path, handle.Method, [], [], typeof(string), contentType, context =>
    {
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(handle());
    });

    private Mapped Map(string method, string path, Delegate handle, ServiceError[] errors)
    {
        var arguments = new Arguments(handle.Method, path, routes.ServiceProvider, documents: null);
        var answered = handle.Method.ReturnType.GetGenericArguments()[0];
        // Made when first asked for, as those of the operations are.
        var constraints = new Lazy<Plan>(() => Constraints.For(handle.Method));
        var type = new Lazy<JsonTypeInfo>(() => WireJson.Options.GetTypeInfo(answered));
        var answer = new Lazy<Func<Delegate, object?[], ValueTask<object?>>>(() => typeof(EmulatorGroup).GetMethod(nameof(Answer), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(answered).CreateDelegate<Func<Delegate, object?[], ValueTask<object?>>>());
        return Map(method, path, handle.Method, [.. arguments.Metadata.Count > 0 ? [ServiceError.InvalidRequest] : (ServiceError[])[], .. errors], arguments.Metadata, answered, WireJson.ContentType, async context =>
        {
            var given = await arguments.Read(context, realm: null);
            constraints.Value.Check(given);
            if (arguments.Body >= 0)
                given[arguments.Body] ??= Activator.CreateInstance(handle.Method.GetParameters()[arguments.Body].ParameterType);
            await WireJson.Write(context.Response, await answer.Value(handle, given), type.Value);
        });
    }

    private Mapped Map(
        string method, string path, MethodInfo handle, List<ServiceError> errors, IReadOnlyList<object> arguments, Type answered, string contentType, RequestDelegate endpoint)
    {
        var operation = new Operation(handle.Name, Plane.Emulator, tag, handle, errors);
        routes.MapMethods(path, [method], endpoint)
            .WithName(operation.EndpointName)
            .WithMetadata([operation, handle, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, answered, [contentType]), .. arguments]);
        return new(alias => routes.MapMethods(alias, [method], endpoint).ExcludeFromDescription());
    }

    private static async ValueTask<object?> Answer<T>(Delegate handle, object?[] given) =>
        await (ValueTask<T>)handle.Method.Invoke(handle.Target, BindingFlags.DoNotWrapExceptions, null, given, null)!;

    /// <summary>An endpoint, which other tools may look for under another name.</summary>
    public sealed record Mapped(Action<string> As);
}
