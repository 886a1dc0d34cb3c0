using System.Threading.Tasks.Sources;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Wakes the one who waits; set while nobody waits, it is remembered once. Used again and again without garbage.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isSet;
    private bool _isWaited;

    public void Set()
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
        _source.SetResult(true);
    }

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

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
