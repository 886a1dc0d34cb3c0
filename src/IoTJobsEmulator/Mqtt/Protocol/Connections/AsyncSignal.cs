using System.Threading.Tasks.Sources;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// An auto-reset event that can be awaited by one waiter. It is reused without allocations, which a semaphore or a channel would make for
/// each wait.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _isSet;
    private bool _isWaiting;

    /// <summary>Sets the signal. The waiter continues on a thread of the pool.</summary>
    public void Set() => Set(inline: false);

    /// <summary>Sets the signal. The waiter continues on this thread before the call returns. Not to be called under a lock.</summary>
    public void SetInline() => Set(inline: true);

    /// <summary>Completes when the signal is set, and resets it. Only one wait at a time is allowed, and each result is awaited once.</summary>
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
            _isWaiting = true;
            return new(this, _source.Version);
        }
    }

    private void Set(bool inline)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet = true;
                return;
            }
            _isWaiting = false;
        }
        _source.RunContinuationsAsynchronously = !inline; // only the caller that found the waiter gets here
        _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
