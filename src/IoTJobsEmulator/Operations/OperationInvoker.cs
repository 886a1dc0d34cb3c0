using System.Reflection;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;

namespace IoTJobsEmulator.Operations;

/// <summary>
/// Calls an operation. Every call over HTTP and MQTT, and of a simulated device, comes through <see cref="Prepare"/>, before the turn in which it runs: whatever has to
/// know of each call belongs there. The faults are asked there, once its arguments are known to be right, and the journal of requests gets them.
/// </summary>
internal sealed class OperationInvoker(Operation operation)
{
    private readonly MethodInvoker _handle = MethodInvoker.Create(operation.Handle.Method);

    // Made at the first call: for all operations together the plans would take most of the emulator's start.
    private readonly Lazy<ArgumentConstraints> _constraints = new(() => Constraints.For(operation.Handle.Method));

    public Operation Operation => operation;

    /// <summary>Checks the arguments against their shapes.</summary>
    /// <param name="arguments">One for each parameter of the operation's method.</param>
    /// <param name="request">The request; null for one of the emulator's own, which no fault strikes and no journal keeps.</param>
    /// <exception cref="Core.ServiceException">InvalidRequest, which lists all violations.</exception>
    public OperationCall Prepare(object?[] arguments, OperationRequest? request = null)
    {
        request?.HasArguments(arguments);
        _constraints.Value.Check(arguments);
        return new(this, arguments, request?.Strike(operation, arguments));
    }

    /// <summary>The place of the only parameter of a type; null without one.</summary>
    public int? PlaceOf(Type type) => Array.Find(operation.Handle.Method.GetParameters(), parameter => parameter.ParameterType.IsAssignableTo(type))?.Position;

    internal object? Invoke(object?[] arguments) => _handle.Invoke(operation.Handle.Target, arguments.AsSpan());
}

/// <summary>A call of an operation whose arguments satisfy their shapes.</summary>
internal sealed class OperationCall(OperationInvoker invoker, object?[] arguments, FaultStrike? strike)
{
    /// <summary>The arguments. Those that come from the emulator may still be set.</summary>
    public object?[] Arguments => arguments;

    /// <summary>Calls the operation, unless a fault comes before it. What either throws comes as it is.</summary>
    public object? Invoke()
    {
        strike?.BeforeTheOperation();
        return invoker.Invoke(arguments);
    }
}
