namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// Detects a client that sends nothing for too long (MQTT 5, 3.1.2.10). A packet only stores its time; one timer per connection compares.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action _onTimeout;
    private TimeSpan _timeout;
    private long _lastPacket;

    public KeepAlive(TimeProvider time, TimeSpan timeout, Action onTimeout)
    {
        (_time, _timeout, _onTimeout, _lastPacket) = (time, timeout, onTimeout, time.GetTimestamp());
        _timer = time.CreateTimer(static self => ((KeepAlive)self!).Check(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    public void OnPacket() => Volatile.Write(ref _lastPacket, _time.GetTimestamp());

    public void Change(TimeSpan timeout)
    {
        _timeout = timeout;
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var left = _timeout - _time.GetElapsedTime(Volatile.Read(ref _lastPacket));
        if (left <= TimeSpan.Zero)
            _onTimeout();
        else
            _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
