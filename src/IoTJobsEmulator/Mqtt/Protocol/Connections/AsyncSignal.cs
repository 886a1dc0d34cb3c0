using System.Threading.Tasks.Sources;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Wakes the one who waits; set while nobody waits, it is remembered once. Used again and again without garbage.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _isSet;
    private bool _isWaited;

    /// <summary>The one who waits goes on in a thread of the pool.</summary>
    public void Set() => Set(goOnHere: false);

    /// <summary>The one who waits goes on before this returns: to wake a thread costs more than what most have to do. Not to be called under a lock.</summary>
    public void SetAndGoOn() => Set(goOnHere: true);

    /// <summary>To be awaited once, by one at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return default;
            }
            _source.Reset();
            _isWaited = true;
            return new(this, _source.Version);
        }
    }

    private void Set(bool goOnHere)
    {
        lock (_gate)
        {
            if (!_isWaited)
            {
                _isSet = true;
                return;
            }
            _isWaited = false;
        }
        _source.RunContinuationsAsynchronously = !goOnHere; // of those who set it, only the one who has found a waiter comes here
        _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
