namespace IoTJobsEmulator.Operations.Faults;

/// <summary>
/// What waits because of a fault, on the machine's clock. No lock and no turn is held meanwhile, and what others are answered overtakes it.
/// At most 10 000 wait at once; what comes beyond that is not delayed.
/// </summary>
internal sealed class FaultDelays(TimeProvider machine)
{
    private const int MaxWaiting = 10_000;

    private int _waiting;
    private int _forgotten;

    /// <summary>Completes after the delay.</summary>
    public async ValueTask Wait(TimeSpan delay, CancellationToken aborted)
    {
        if (delay <= TimeSpan.Zero)
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= MaxWaiting)
                await Task.Delay(delay, machine, aborted);
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

    /// <summary>What waits now is not sent any more.</summary>
    public void Forget() => Interlocked.Increment(ref _forgotten);

    private async Task SendLater(TimeSpan delay, Action send)
    {
        var begun = Volatile.Read(ref _forgotten);
        await Wait(delay, CancellationToken.None);
        if (begun == Volatile.Read(ref _forgotten))
            send();
    }
}
