namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Notices a silence that lasts too long. Packets only note their time; one timer per connection looks at it seldom.</summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action _silent;
    private TimeSpan _longest;
    private long _lastHeard;

    public KeepAlive(TimeProvider time, TimeSpan longest, Action silent)
    {
        (_time, _longest, _silent, _lastHeard) = (time, longest, silent, time.GetTimestamp());
        _timer = time.CreateTimer(static self => ((KeepAlive)self!).Look(), this, longest, Timeout.InfiniteTimeSpan);
    }

    public void Heard() => Volatile.Write(ref _lastHeard, _time.GetTimestamp());

    public void Change(TimeSpan longest)
    {
        _longest = longest;
        _timer.Change(longest, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _longest - _time.GetElapsedTime(Volatile.Read(ref _lastHeard));
        if (left <= TimeSpan.Zero)
            _silent();
        else
            _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
