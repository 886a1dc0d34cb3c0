namespace IoTJobsEmulator.Turns;

/// <summary>
/// The queue in which everything that is told waits for its commit. It leaves one after the other, in the order of the turns; what
/// could not be committed, or was forgotten by a reset, is never told. Whoever has taken a turn tells what can be told already,
/// because waking another for it costs more; what is left is told by a thread of the pool.
/// </summary>
internal sealed class Outbox(ILogger log)
{
    private const int BacklogLimit = 1_000;

    private readonly Lock _sync = new();
    private readonly Queue<Item> _queue = [];
    private bool _isTelling;
    private long _resets;

    /// <summary>Queues something to be told. Called within the turn, which gives the order.</summary>
    public void Add(Task<bool> committed, Action tell) => Add(new(committed, tell, Interlocked.Read(ref _resets)));

    /// <summary>Queues an answer, which somebody waits for: it leaves whatever happens, another one if its turn could not be committed.</summary>
    public void AddAnswer(Task<bool> committed, Action tell, Action otherwise) => Add(new(committed, tell, null, otherwise));

    /// <summary>Forgets what waits. Called within the turn of a reset.</summary>
    public void Forget() => Interlocked.Increment(ref _resets);

    /// <summary>Tells what is committed, as far as it is queued by now, unless somebody else does. Called after a turn, not within it.</summary>
    public void Tell()
    {
        int waiting;
        lock (_sync)
        {
            waiting = _queue.Count;
            if (waiting == 0 || _isTelling)
                return;
            _isTelling = true;
        }
        while (Next() is { } item)
        {
            if (waiting-- == 0 || !item.Committed.IsCompleted)
            {
                _ = Task.Run(() => TellAll(item));
                return;
            }
            Tell(item);
        }
    }

    /// <summary>Completes when all that was queued before has been told or dropped.</summary>
    public Task Told()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AddAnswer(Task.FromResult(true), told.SetResult, told.SetResult);
        Tell();
        return told.Task;
    }

    /// <summary>What fleet-sized work waits for before it goes on.</summary>
    public Task Caught => _queue.Count > BacklogLimit ? Told() : Task.CompletedTask;

    private void Add(Item item)
    {
        lock (_sync)
            _queue.Enqueue(item);
    }

    /// <summary>The next one for who tells; null, and nobody tells any more, when there is none.</summary>
    private Item? Next()
    {
        lock (_sync)
        {
            if (_queue.TryDequeue(out var item))
                return item;
            _isTelling = false;
            return null;
        }
    }

    private async Task TellAll(Item? item)
    {
        for (; item is { } next; item = Next())
        {
            await next.Committed;
            Tell(next);
        }
    }

    private void Tell(Item item)
    {
        if (item.Resets is { } number && number != Interlocked.Read(ref _resets))
            return;
        try
        {
            if (item.Committed.Result)
                item.Tell();
            else
                item.Otherwise?.Invoke();
        }
        catch (Exception exception)
        {
            log.LogError(exception, "A listener failed.");
        }
    }

    /// <summary>Answers, and marks of who waits, know of no reset and are always told.</summary>
    private readonly record struct Item(Task<bool> Committed, Action Tell, long? Resets, Action? Otherwise = null);
}
