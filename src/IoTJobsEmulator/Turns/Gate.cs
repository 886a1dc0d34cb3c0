namespace IoTJobsEmulator.Turns;

/// <summary>
/// A lock that counts who waits for it, so that those who have time can let them go first. Yielding would not be enough: a lock
/// that is let go and taken again at once is never seen free.
/// </summary>
internal sealed class Gate
{
    private readonly object _lock = new();
    private long _came, _entered;
    private int _lettingOthersGoFirst;

    public void Enter()
    {
        Interlocked.Increment(ref _came);
        Monitor.Enter(_lock);
        _entered++;
    }

    /// <summary>Enters when all who came before have been inside. Those who come later are not waited for.</summary>
    public void EnterAfterThoseWhoWait()
    {
        Monitor.Enter(_lock);
        var came = Interlocked.Read(ref _came);
        _lettingOthersGoFirst++;
        while (_entered < came)
            Monitor.Wait(_lock);
        _lettingOthersGoFirst--;
    }

    public void Leave()
    {
        if (_lettingOthersGoFirst > 0)
            Monitor.PulseAll(_lock);
        Monitor.Exit(_lock);
    }
}
