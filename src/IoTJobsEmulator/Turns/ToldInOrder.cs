using System.Threading.Channels;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// The queue in which everything that is told waits for its commit. It leaves one after the other, in the order of the turns; what
/// could not be committed, or was forgotten by a reset, is never told.
/// </summary>
internal sealed class ToldInOrder(ILogger log)
{
    private const int BacklogLimit = 1_000;

    private readonly Channel<Item> _queue = Channel.CreateUnbounded<Item>();
    private readonly Lock _sync = new();
    private Task? _telling;
    private long _resets;

    /// <summary>Queues something to be told. Called within the turn, which gives the order.</summary>
    public void Add(Task<bool> committed, Action tell)
    {
        lock (_sync)
            _telling ??= Task.Run(TellAll);
        _queue.Writer.TryWrite(new(committed, tell, Interlocked.Read(ref _resets)));
    }

    /// <summary>Forgets what waits. Called within the turn of a reset.</summary>
    public void Forget() => Interlocked.Increment(ref _resets);

    /// <summary>Completes when all that was queued before has been told or dropped.</summary>
    public async Task Told()
    {
        if (_telling is null)
            return;
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite(new(Task.FromResult(true), told.SetResult, null));
        await told.Task;
    }

    /// <summary>What fleet-sized work waits for before it goes on.</summary>
    public Task Caught => _queue.Reader.Count > BacklogLimit ? Told() : Task.CompletedTask;

    private async Task TellAll()
    {
        await foreach (var (committed, tell, resets) in _queue.Reader.ReadAllAsync())
        {
            if (!await committed || (resets is { } number && number != Interlocked.Read(ref _resets)))
                continue;
            try
            {
                tell();
            }
            catch (Exception exception)
            {
                log.LogError(exception, "A listener failed.");
            }
        }
    }

    /// <summary>Markers know of no reset and are always told.</summary>
    private readonly record struct Item(Task<bool> Committed, Action Tell, long? Resets);
}
