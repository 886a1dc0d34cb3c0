using System.Collections.Concurrent;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>What goes on after an <c>await</c> waits here, in its order, until the test has it run.</summary>
internal sealed class ManualContinuations : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Continuation, object? State)> _queue = [];

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    /// <summary>Calls a function whose continuations are to wait here.</summary>
    public T Start<T>(Func<T> function)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return function();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs all that wait, and those that they bring about, until none does.</summary>
    public void RunAll()
    {
        while (_queue.TryDequeue(out var next))
            Start(() =>
            {
                next.Continuation(next.State);
                return true;
            });
    }

    /// <summary>Runs them as they come until a task is completed.</summary>
    public async Task RunUntilCompleted(Task task)
    {
        while (!task.IsCompleted)
        {
            RunAll();
            await Task.Yield();
        }
    }
}
