using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>All that a seed can call: the operations of AWS that the emulator has, and some of its own under names of their own.</summary>
internal sealed class SeedOperations(IServiceProviderIsService services)
{
    private Lazy<ILookup<string, SeedOperation>> _all = new(() => throw new InvalidOperationException("The routes are not mapped yet."));

    /// <summary>Called once, when the routes are mapped.</summary>
    /// <param name="ofAws">The endpoints of AWS's operations, read when a seed is first run.</param>
    /// <param name="own">The methods of the emulator's own operations, by the names that they have in seeds.</param>
    public void Fill(Func<IEnumerable<OperationEndpoint>> ofAws, IReadOnlyDictionary<string, Delegate> own) => _all = new(() =>
        ofAws().Select(OfAws).Concat(own.Select(call => Own(call.Key, call.Value))).ToLookup(operation => operation.Name));

    /// <exception cref="ServiceException">InvalidRequest: there is none of this name, or not in this service.</exception>
    public SeedOperation Find(string name, string? service)
    {
        SeedOperation[] named = [.. _all.Value[name].OrderBy(operation => operation.Api)];
        if (named.Length == 0)
            throw SeedPlaceholders.Refused(ServiceOperations.Has(name)
                ? $"'{name}' is an operation of AWS IoT that this emulator does not have"
                : $"Value '{name}' at 'operation' failed to satisfy constraint: Member must be the name of an operation of AWS IoT, or one of {string.Join(", ", OwnNames())}");
        return service is null ? named[0] : Array.Find(named, operation => operation.Api != Api.Emulator && FaultCatalog.ServiceOf(operation.Api) == service)
            ?? throw SeedPlaceholders.Refused($"{name} is no operation of the 'service' {service}");
    }

    private IEnumerable<string> OwnNames() => _all.Value.SelectMany(named => named).Where(operation => operation.Api == Api.Emulator).Select(operation => operation.Name);

    private SeedOperation OfAws(OperationEndpoint endpoint) => new(
        endpoint.Invoker, endpoint.Invoker.Operation.Handle.Method.ReturnType, new(endpoint.Invoker.Operation.Handle.Method, services),
        (call, run) => endpoint.RunAhead(call, run.Realm, run.Commits, run.Aborted));

    private SeedOperation Own(string name, Delegate handle)
    {
        var own = new EmulatorOperation(new(name, Api.Emulator, handle, []));
        return new(own.Invoker, own.Answered, new(handle.Method, services), (call, _) => own.Run(call));
    }
}

/// <summary>An operation as seeds call it: no fault strikes the call, and no journal keeps it.</summary>
/// <param name="invoker">Checks and calls it.</param>
/// <param name="answered">The type of what it answers.</param>
/// <param name="inputs">Binds its inputs.</param>
/// <param name="run">Runs a prepared call.</param>
internal sealed class SeedOperation(
    OperationInvoker invoker, Type answered, InputBinder inputs, Func<OperationCall, SeedContext, ValueTask<object?>> run)
{
    public string Name => invoker.Operation.Name;

    public Api Api => invoker.Operation.Api;

    /// <summary>What the error is called in the operation's API.</summary>
    public string NameOf(ServiceError error) => invoker.Operation.NameOf(error);

    /// <summary>Binds and checks an input.</summary>
    /// <exception cref="ServiceException">InvalidRequest: a member is unknown, does not fit its type or breaks a constraint.</exception>
    public OperationCall Prepare(JsonElement input, SeedContext context) => invoker.Prepare(inputs.Bind(input, context.Give));

    /// <summary>Runs a prepared call, to its end but not to its commit.</summary>
    public ValueTask<object?> Run(OperationCall call, SeedContext context) => run(call, context);

    /// <summary>What it answered, as JSON.</summary>
    public byte[] JsonOf(object? answer)
    {
        using var json = WireJson.Text(answer, answered);
        return json.Written.ToArray();
    }
}
