namespace IoTJobsEmulator.Operations.Faults;

/// <summary>
/// What waits because of a fault, on the machine's clock. No lock and no turn is held meanwhile, and what others are answered overtakes it.
/// At most 10 000 wait at once; what comes beyond that is not delayed.
/// </summary>
internal sealed class FaultDelays(TimeProvider machine)
{
    public const int MaxWaiting = 10_000;

    private TaskCompletionSource _forgotten = NewSignal();
    private int _waiting;

    /// <summary>Completes after the delay, or when what waits is forgotten.</summary>
    /// <returns>Whether it is forgotten.</returns>
    public async ValueTask<bool> Wait(TimeSpan delay, CancellationToken aborted)
    {
        if (delay <= TimeSpan.Zero)
            return false;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= MaxWaiting)
            {
                await _forgotten.Task.WaitAsync(delay, machine, aborted); // not a delay, which would hold the message after a reset
                return true;
            }
            return false;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Sends after the delay, unless what waits is forgotten before.</summary>
    public void Send(TimeSpan delay, Action send)
    {
        if (delay <= TimeSpan.Zero)
            send();
        else
            _ = SendLater(delay, send);
    }

    /// <summary>What waits now is not sent any more, and its memory is free. A caller who waits for a delayed answer has it at once.</summary>
    public void Forget() => Interlocked.Exchange(ref _forgotten, NewSignal()).SetResult();

    private async Task SendLater(TimeSpan delay, Action send)
    {
        if (!await Wait(delay, CancellationToken.None))
            send();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
