namespace IoTJobsEmulator.Turns;

/// <summary>
/// The queue of deliveries that wait for the commit of their turns. They are made one at a time, in the order of the turns; a
/// delivery is dropped if its turn could not be committed, or if a reset came after it. The thread that has taken a turn makes the
/// deliveries that are ready, because waking another thread costs more; a thread of the pool makes the rest.
/// </summary>
internal sealed class Outbox(ResetCounter resets, ILogger log)
{
    private const int BacklogLimit = 1_000;

    private readonly Lock _sync = new();
    private readonly Queue<Item> _queue = [];
    private bool _isDelivering;

    /// <summary>Queues a delivery. Called within the turn, which gives the order.</summary>
    /// <param name="committed">The commit of the turn.</param>
    /// <param name="what">What is delivered: an argument, so that turns pay for no closure.</param>
    /// <param name="deliver">Delivers it.</param>
    public void Enqueue(Task<bool> committed, object what, Action<object> deliver) => Enqueue(new Item(committed, what, deliver, resets.Value));

    /// <summary>Queues an answer, for which somebody waits: it is never dropped. The other answer is given if the turn could not be committed.</summary>
    public void EnqueueAnswer(Task<bool> committed, object what, Action<object> deliver, Action<object> deliverFailure) =>
        Enqueue(new Item(committed, what, deliver, null, deliverFailure));

    /// <summary>
    /// Makes the deliveries that are queued by now, up to the first that is not committed, unless another thread does. Called after
    /// a turn, not within it.
    /// </summary>
    public void DeliverReady()
    {
        int waiting;
        lock (_sync)
        {
            waiting = _queue.Count;
            if (waiting == 0 || _isDelivering)
                return;
            _isDelivering = true;
        }
        while (Next() is { } item)
        {
            if (waiting-- == 0 || !item.Committed.IsCompleted)
            {
                _ = DeliverOnPool(item);
                return;
            }
            Deliver(item);
        }
    }

    /// <summary>Completes when all that was queued before has been delivered or dropped.</summary>
    public Task WhenDelivered()
    {
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EnqueueAnswer(Task.FromResult(true), delivered, SetResult, SetResult);
        DeliverReady();
        return delivered.Task;

        static void SetResult(object delivered) => ((TaskCompletionSource)delivered).SetResult();
    }

    /// <summary>Completes at once unless the backlog is over its limit, else when the backlog is delivered. Bulk work waits for it.</summary>
    public Task WhenCaughtUp() => _queue.Count > BacklogLimit ? WhenDelivered() : Task.CompletedTask;

    private void Enqueue(Item item)
    {
        lock (_sync)
            _queue.Enqueue(item);
    }

    /// <summary>The next item for the delivering thread; null, and no thread delivers any more, when there is none.</summary>
    private Item? Next()
    {
        lock (_sync)
        {
            if (_queue.TryDequeue(out var item))
                return item;
            _isDelivering = false;
            return null;
        }
    }

    /// <summary>Makes this delivery and those after it, each when it is committed. Returns at once.</summary>
    private async Task DeliverOnPool(Item item)
    {
        await item.Committed.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Deliver(item);
        while (Next() is { } next)
        {
            await next.Committed;
            Deliver(next);
        }
    }

    private void Deliver(Item item)
    {
        if (item.Resets is { } number && number != resets.Value)
            return;
        try
        {
            if (item.Committed.Result)
                item.Deliver(item.What);
            else
                item.DeliverFailure?.Invoke(item.What);
        }
        catch (Exception exception)
        {
            log.LogError(exception, "A delivery failed.");
        }
    }

    /// <summary>A delivery. An answer has no number of resets: a reset does not drop it.</summary>
    private readonly record struct Item(Task<bool> Committed, object What, Action<object> Deliver, long? Resets, Action<object>? DeliverFailure = null);
}
