using System.Reflection;
using System.Text.Json;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;

namespace IoTJobsEmulator.Mqtt;

/// <summary>What an operation gets from a device's topic and from the emulator, beside the payload.</summary>
internal sealed record DeviceArguments(Realm Realm, string ThingName, string? JobId = null, string? NamespaceId = null, UrlSigner? Signer = null);

/// <summary>An operation of iot-jobs-data as devices call it over MQTT.</summary>
internal abstract class DeviceOperation
{
    /// <summary>The operation, without the errors that it declares over HTTP.</summary>
    public abstract Operation Operation { get; }

    /// <summary>Reads the payload and checks all arguments, before the turn. Answers within the turn, when the result is called.</summary>
    /// <exception cref="Core.ServiceException">InvalidRequest: the payload does not fit, or an argument breaks a constraint.</exception>
    public abstract Func<byte[]> Prepare(DeviceArguments given, DeviceRequest request, OperationRequest? asked);
}

/// <summary>
/// Binds the parameters of an operation's method: the realm, the signer and the structure by their types, the thing, the job and the
/// namespace of the topic and the members of the payload by their names.
/// </summary>
/// <typeparam name="TRequest">The structure in the payload; it is read only when a parameter needs it.</typeparam>
/// <typeparam name="TAnswer">The type that the method returns.</typeparam>
internal sealed class DeviceOperation<TRequest, TAnswer> : DeviceOperation where TRequest : class
{
    private readonly OperationInvoker _invoker;
    private readonly Func<DeviceArguments, TRequest?, object?>[] _readers;
    private readonly bool _readsRequest;
    private readonly Action<Utf8JsonWriter, TAnswer> _writeMembers;

    /// <exception cref="InvalidOperationException">The method returns another type, or has a parameter that a device's request does not give.</exception>
    public DeviceOperation(Delegate handle, Action<Utf8JsonWriter, TAnswer> writeMembers)
    {
        if (handle.Method.ReturnType != typeof(TAnswer))
            throw new InvalidOperationException($"{handle.Method.DeclaringType} returns {handle.Method.ReturnType}, not {typeof(TAnswer)}.");
        _invoker = new(Operation.Of(handle, Api.IotJobsData, []));
        _writeMembers = writeMembers;
        var parameters = handle.Method.GetParameters();
        _readers = Array.ConvertAll(parameters, Reader);
        _readsRequest = Array.Exists(parameters, parameter => parameter.ParameterType == typeof(TRequest) || MemberFor(parameter) is not null);
    }

    public override Operation Operation => _invoker.Operation;

    public override Func<byte[]> Prepare(DeviceArguments given, DeviceRequest request, OperationRequest? asked)
    {
        var structure = _readsRequest ? request.Read<TRequest>() : null;
        var arguments = new object?[_readers.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = _readers[i](given, structure);
        var call = _invoker.Prepare(arguments, asked);
        return () => DeviceTopics.Accepted(request, given.Realm, (TAnswer)call.Invoke()!, _writeMembers);
    }

    private static Func<DeviceArguments, TRequest?, object?> Reader(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(Realm))
            return (given, _) => given.Realm;
        if (type == typeof(UrlSigner))
            return (given, _) => given.Signer;
        if (type == typeof(TRequest))
            return (_, request) => request;
        if (MemberFor(parameter) is { } member)
            return (_, request) => member.GetValue(request);
        return (parameter.Name, type == typeof(string)) switch
        {
            ("thingName", true) => (given, _) => given.ThingName,
            ("jobId", true) => (given, _) => given.JobId,
            ("namespaceId", true) => (given, _) => given.NamespaceId,
            _ => throw new InvalidOperationException($"A device's request has no {type} {parameter.Name}, which {parameter.Member.DeclaringType} needs."),
        };
    }

    private static PropertyInfo? MemberFor(ParameterInfo parameter) => Array.Find(
        typeof(TRequest).GetProperties(),
        property => property.PropertyType == parameter.ParameterType && string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
}
