using System.Globalization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Events;

/// <summary>
/// What has changed lately, in one numbering: rows, connections of devices, messages of the service, the clock. It keeps what events show from the start on,
/// so that what happened can be asked for afterwards, and makes events of them when somebody reads. Who follows it reads after the last number that it
/// has seen, and awaits <see cref="WhenAdded"/>: a reader that is slow keeps nothing in memory, and misses what the log does not keep any more.
/// </summary>
internal sealed class EventLog
{
    /// <summary>Numbers that are kept at most; the oldest go first.</summary>
    public const int MaxNumbers = 10_000;

    /// <summary>How much is kept at most, about. The last turn is kept in any case.</summary>
    private const long MaxBytes = 32 << 20;

    /// <summary>Callers that may follow it at once.</summary>
    public const int MaxReaders = 100;

    /// <summary>How many are taken out under the lock at once.</summary>
    private const int Batch = 256;

    private readonly Lock _sync = new();
    private readonly EmulatorClock _clock;
    private readonly ChangedRows _changedRows = new();
    private readonly NumberedLog<LoggedEvents> _log = new(MaxNumbers, MaxBytes);
    private int _readers;

    public EventLog(TurnGate turns, ClockControl clockControl, EmulatorClock clock)
    {
        _clock = clock;
        turns.AddListener(Add);
        clockControl.AddListener((now, isFrozen) => Add(new LoggedClock(now, isFrozen)));
    }

    /// <summary>The last number.</summary>
    public long Last
    {
        get
        {
            lock (_sync)
                return _log.Last;
        }
    }

    /// <summary>The number after which everything is kept, unless there was a reset or a restore.</summary>
    public long Oldest
    {
        get
        {
            lock (_sync)
                return _log.Lost;
        }
    }

    /// <summary>The service has published a message.</summary>
    /// <param name="tenant">The account and region.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="thingName">The thing that it concerns; null for none.</param>
    /// <param name="jobId">The job that it concerns; null for none, or several.</param>
    public void Published(Tenant tenant, string topic, string? thingName, string? jobId) =>
        Add(new LoggedNotification(tenant, _clock.Now, new(topic, thingName, jobId)));

    /// <summary>The service has published messages, of which the topics are asked for when somebody reads of them.</summary>
    /// <param name="tenant">The account and region.</param>
    /// <param name="count">How many.</param>
    /// <param name="notifications">As many, in order.</param>
    public void Published(Tenant tenant, int count, Func<IEnumerable<Notification>> notifications) =>
        Add(new LoggedNotifications(tenant, _clock.Now, count, notifications));

    /// <summary>An MQTT client has connected.</summary>
    /// <param name="tenant">The account and region that it states; null for none.</param>
    /// <param name="clientId">Its id.</param>
    public void Connected(Tenant? tenant, string clientId) => Add(new LoggedConnection(tenant, _clock.Now, clientId, reason: null));

    /// <summary>An MQTT client is no longer connected.</summary>
    /// <param name="tenant">The account and region that it states; null for none.</param>
    /// <param name="clientId">Its id.</param>
    /// <param name="reason">Why.</param>
    public void Disconnected(Tenant? tenant, string clientId, string reason) => Add(new LoggedConnection(tenant, _clock.Now, clientId, reason));

    /// <summary>The events after a number that match, oldest first, and how far they reach.</summary>
    /// <param name="wanted">Which are wanted.</param>
    /// <param name="after">The last number that was seen. One that is higher than the last there is comes from an earlier run, and is read as 0.</param>
    /// <param name="limit">How many at most.</param>
    public EventPage Read(EventFilter wanted, long after, int limit)
    {
        List<EmulatorEvent> found = [];
        var (seen, isMissing) = after > Last ? (0, true) : (after, false);
        while (true)
        {
            var batch = Take(seen, out var isLost);
            isMissing |= isLost;
            foreach (var logged in batch)
            {
                if (wanted.Matches(logged.Tenant))
                {
                    foreach (var next in logged.Events())
                    {
                        if (next.Number <= seen || !wanted.Matches(next))
                            continue;
                        found.Add(next);
                        if (found.Count == limit)
                            return new(found, next.Number, isMissing);
                    }
                }
                seen = logged.Last;
            }
            if (batch.Length < Batch)
                return new(found, seen, isMissing);
        }
    }

    /// <summary>Completes when there is something after a number.</summary>
    public Task WhenAdded(long after)
    {
        lock (_sync)
            return _log.WhenAdded(after);
    }

    /// <summary>Counts a caller that follows the log, until the answer is disposed.</summary>
    /// <exception cref="ServiceException">Throttling: there are too many.</exception>
    public IDisposable Enter()
    {
        var reader = new Reader(this);
        if (Interlocked.Increment(ref _readers) <= MaxReaders)
            return reader;
        reader.Dispose();
        throw ServiceError.Throttling.Because(string.Create(CultureInfo.InvariantCulture, $"{MaxReaders} callers follow the events already."));
    }

    private void Add(TurnEnded turn)
    {
        if (turn.Tenant is not { } tenant)
            Add(new LoggedReplacement(turn.IsReset ? EmulatorEventType.reset : EmulatorEventType.restore, turn.At), isReplacement: true);
        else if (LoggedTurn.Of(tenant, turn, _changedRows) is { } logged)
            Add(logged);
    }

    /// <param name="logged">What has happened.</param>
    /// <param name="isReplacement">Whether all before it is forgotten. Nobody misses it: who has not read it reads of the reset or restore.</param>
    private void Add(LoggedEvents logged, bool isReplacement = false)
    {
        lock (_sync)
        {
            if (isReplacement)
                _log.Clear();
            _log.Add(logged);
        }
    }

    /// <summary>The next that reach beyond a number.</summary>
    private LoggedEvents[] Take(long after, out bool isLost)
    {
        lock (_sync)
        {
            isLost = after < _log.Lost;
            return _log.After(after, Batch);
        }
    }

    private sealed class Reader(EventLog log) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Decrement(ref log._readers);
        }
    }
}

/// <summary>Events that were read.</summary>
/// <param name="Events">Those that match, oldest first.</param>
/// <param name="Last">How far was read: what comes next is after this number.</param>
/// <param name="IsMissing">Whether events after the number that was asked for are not kept any more.</param>
internal sealed record EventPage(IReadOnlyList<EmulatorEvent> Events, long Last, bool IsMissing);
