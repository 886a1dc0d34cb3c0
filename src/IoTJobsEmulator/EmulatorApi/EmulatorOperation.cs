using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>An operation of the emulator's own API: its method returns a <see cref="ValueTask{T}"/> and takes no turn of its own.</summary>
internal sealed class EmulatorOperation
{
    private readonly int? _body;
    private readonly Lazy<Func<object, ValueTask<object?>>> _answer;

    public EmulatorOperation(Operation operation)
    {
        Invoker = new(operation);
        Answered = operation.Handle.Method.ReturnType.GetGenericArguments()[0];
        _body = Invoker.PlaceOf(typeof(IStructure));
        // Made at the first call, as the constraints are.
        _answer = new(() => ((Func<object, ValueTask<object?>>)Answer<object>).Method
            .GetGenericMethodDefinition().MakeGenericMethod(Answered).CreateDelegate<Func<object, ValueTask<object?>>>());
    }

    public OperationInvoker Invoker { get; }

    public Operation Operation => Invoker.Operation;

    /// <summary>The type of what it answers.</summary>
    public Type Answered { get; }

    /// <summary>Runs a call that <see cref="Invoker"/> has prepared. A body that is not given is an empty one.</summary>
    public ValueTask<object?> Run(OperationCall call)
    {
        if (_body is { } place)
            call.Arguments[place] ??= Activator.CreateInstance(Operation.Handle.Method.GetParameters()[place].ParameterType);
        return _answer.Value(call.Invoke()!);
    }

    private static async ValueTask<object?> Answer<T>(object task) => await (ValueTask<T>)task;
}
