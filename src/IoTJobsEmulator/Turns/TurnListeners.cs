namespace IoTJobsEmulator.Turns;

/// <summary>The listeners to ended turns. A listener that throws is logged, and the others are still called.</summary>
internal sealed class TurnListeners(ILogger log)
{
    private readonly Lock _sync = new();

    // Replaced as a whole when a listener is added, so that it can be read without a lock.
    private volatile Action<TurnEnded>[] _listeners = [];

    public bool IsEmpty => _listeners.Length == 0;

    public void Add(Action<TurnEnded> listener)
    {
        lock (_sync)
            _listeners = [.. _listeners, listener];
    }

    public void Notify(TurnEnded ended)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(ended);
            }
            catch (Exception exception)
            {
                log.LogError(exception, "A listener to ended turns failed.");
            }
        }
    }
}
