namespace IoTJobsEmulator.Turns;

/// <summary>
/// A lock that counts its waiters, so that background work can let them enter first. Yielding the thread would not be enough: a
/// thread that releases a lock and acquires it again at once usually gets it before any waiter.
/// </summary>
internal sealed class TurnLock
{
    private readonly object _monitor = new();
    private long _arrived, _entered;
    private int _deferring;

    public void Enter()
    {
        Interlocked.Increment(ref _arrived);
        Monitor.Enter(_monitor);
        _entered++;
    }

    /// <summary>Enters after every thread that has called <see cref="Enter"/> by now. Threads that arrive later are not waited for.</summary>
    public void EnterAfterWaiters()
    {
        Monitor.Enter(_monitor);
        var arrived = Interlocked.Read(ref _arrived);
        _deferring++;
        while (_entered < arrived)
            Monitor.Wait(_monitor);
        _deferring--;
    }

    public void Exit()
    {
        if (_deferring > 0)
            Monitor.PulseAll(_monitor);
        Monitor.Exit(_monitor);
    }
}
