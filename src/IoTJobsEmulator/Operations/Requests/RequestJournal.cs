using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>The last requests for operations, over HTTP and MQTT and of simulated devices in one numbering: that of their answers.</summary>
/// <param name="size">How many are kept at most; 0 keeps none.</param>
/// <param name="now">The emulator's time.</param>
/// <param name="machine">The clock of those who wait.</param>
internal sealed class RequestJournal(int size, Func<Moment> now, TimeProvider machine)
{
    /// <summary>How much of an answer is kept.</summary>
    public const int MaxOutputBytes = 64 << 10;

    /// <summary>How much requests and answers may keep together; the oldest go first.</summary>
    private const long MaxBytes = 32 << 20;

    private const int MaxWaiting = 100;

    private readonly Lock _sync = new();
    private readonly Queue<OperationRequest> _kept = [];
    private readonly OutputBlocks _outputs = new();
    private readonly List<Waiting> _waiting = [];
    private long _number, _bytes;

    public bool IsOn => size > 0;

    public Moment Now => now();

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<OperationRequest> All
    {
        get
        {
            lock (_sync)
            {
                foreach (var request in _kept)
                    OutputBlocks.Show(request.Output);
                return [.. _kept];
            }
        }
    }

    /// <summary>Keeps a request that is answered, and numbers it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="output">What of the answer is kept.</param>
    public void Add(OperationRequest request, ReadOnlyMemory<byte> output)
    {
        lock (_sync)
        {
            request.Number = ++_number;
            request.Output = _outputs.Keep(output.Span);
            _kept.Enqueue(request);
            _bytes += request.Bytes;
            while (_kept.Count > size || _bytes > MaxBytes)
                Drop();
            foreach (var waiting in _waiting)
                waiting.Heard(request);
        }
    }

    /// <summary>Forgets all requests. Their numbers go on.</summary>
    /// <returns>How many there were.</returns>
    public int Clear()
    {
        lock (_sync)
        {
            var count = _kept.Count;
            while (_kept.Count > 0)
                Drop();
            return count;
        }
    }

    /// <summary>The requests that match, oldest first. Waits until there are so many, at most for the timeout.</summary>
    /// <exception cref="ServiceException">Throttling: too many wait already.</exception>
    public async Task<IReadOnlyList<OperationRequest>> Find(RequestFilter wanted, int count, TimeSpan timeout, CancellationToken aborted)
    {
        if (timeout > TimeSpan.Zero && IsOn && Await(wanted, count) is { } waiting)
        {
            try
            {
                await waiting.Enough.WaitAsync(timeout, machine, aborted);
            }
            catch (TimeoutException)
            {
            }
            finally
            {
                lock (_sync)
                    _waiting.Remove(waiting);
            }
        }
        return [.. All.Where(wanted.Matches)];
    }

    private void Drop()
    {
        var dropped = _kept.Dequeue();
        _bytes -= dropped.Bytes;
        _outputs.Drop(dropped.Output);
    }

    /// <summary>Begins to wait; null when there are enough.</summary>
    private Waiting? Await(RequestFilter wanted, int count)
    {
        lock (_sync)
        {
            var left = count - _kept.Count(wanted.Matches);
            if (left <= 0)
                return null;
            if (_waiting.Count == MaxWaiting)
                throw ServiceError.Throttling.Because($"{MaxWaiting} callers wait for requests already.");
            var waiting = new Waiting(wanted, left);
            _waiting.Add(waiting);
            return waiting;
        }
    }

    private sealed class Waiting(RequestFilter wanted, int left)
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = left;

        public Task Enough => _enough.Task;

        /// <summary>Called under the journal's lock.</summary>
        public void Heard(OperationRequest request)
        {
            if (wanted.Matches(request) && --_left == 0)
                _enough.TrySetResult();
        }
    }
}
