namespace IoTJobsEmulator.Operations.Faults;

/// <summary>
/// What waits because of a fault, on the machine's clock. No lock and no turn is held meanwhile, and what others are answered overtakes it.
/// At most 10 000 wait at once; what comes beyond that is not delayed.
/// </summary>
internal sealed class FaultDelays(TimeProvider machine)
{
    public const int MaxWaiting = 10_000;

    /// <summary>Held while a message is sent or what waits is forgotten: the one or the other comes first.</summary>
    private readonly Lock _sending = new();

    private TaskCompletionSource _forgotten = NewSignal();
    private int _waiting;

    /// <summary>Completes after the delay, or when what waits is forgotten.</summary>
    public ValueTask Wait(TimeSpan delay, CancellationToken aborted) =>
        delay <= TimeSpan.Zero ? ValueTask.CompletedTask : Wait(delay, Volatile.Read(ref _forgotten).Task, aborted);

    /// <summary>Sends after the delay, unless what waits is forgotten before.</summary>
    public void Send(TimeSpan delay, Action send)
    {
        if (delay <= TimeSpan.Zero)
            send();
        else
            _ = SendLater(delay, send);
    }

    /// <summary>What waits now is not sent any more, and its memory is free. A caller who waits for a delayed answer has it at once.</summary>
    public void Forget()
    {
        lock (_sending)
            Interlocked.Exchange(ref _forgotten, NewSignal()).SetResult();
    }

    private async Task SendLater(TimeSpan delay, Action send)
    {
        var forgotten = Volatile.Read(ref _forgotten).Task;
        await Wait(delay, forgotten, CancellationToken.None);
        lock (_sending)
        {
            if (!forgotten.IsCompleted)
                send();
        }
    }

    private async ValueTask Wait(TimeSpan delay, Task forgotten, CancellationToken aborted)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) <= MaxWaiting)
                await forgotten.WaitAsync(delay, machine, aborted); // not a delay, which would hold the message after a reset
        }
        catch (TimeoutException)
        {
            // The delay is over.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
