using System.Reflection;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Operations;

/// <summary>
/// Calls an operation. Every call over HTTP and MQTT comes through <see cref="Prepare"/>, before the turn in which it runs: whatever has to
/// know of each call belongs there.
/// </summary>
internal sealed class OperationInvoker(Operation operation)
{
    private readonly MethodInvoker _handle = MethodInvoker.Create(operation.Handle.Method);

    // Made at the first call: for all operations together the plans would take most of the emulator's start.
    private readonly Lazy<Plan> _constraints = new(() => Constraints.For(operation.Handle.Method));

    public Operation Operation => operation;

    /// <summary>Checks the arguments against their shapes.</summary>
    /// <param name="arguments">One for each parameter of the operation's method.</param>
    /// <exception cref="Core.ServiceException">InvalidRequest, which lists all violations.</exception>
    public OperationCall Prepare(object?[] arguments)
    {
        _constraints.Value.Check(arguments);
        return new(this, arguments);
    }

    /// <summary>The place of the only parameter of a type; null without one.</summary>
    public int? PlaceOf(Type type) => Array.Find(operation.Handle.Method.GetParameters(), parameter => parameter.ParameterType.IsAssignableTo(type))?.Position;

    internal object? Invoke(object?[] arguments) => _handle.Invoke(operation.Handle.Target, arguments.AsSpan());
}

/// <summary>A call of an operation whose arguments satisfy their shapes.</summary>
internal readonly struct OperationCall(OperationInvoker invoker, object?[] arguments)
{
    /// <summary>The arguments. Those that come from the emulator may still be set.</summary>
    public object?[] Arguments => arguments;

    /// <summary>Calls the operation. What it throws comes as it is.</summary>
    public object? Invoke() => invoker.Invoke(arguments);
}
