using System.Diagnostics;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// Ends turns: hands what they have changed to the journal, and to the outbox what leaves after the commit, which is the answer, what the operation has asked for,
/// and the announcements. Called last within a turn, which gives the order.
/// </summary>
/// <param name="journal">Writes the changes.</param>
/// <param name="outbox">Makes the deliveries.</param>
/// <param name="listeners">Are told of the turns that changed something.</param>
/// <param name="resets">Counts resets and restores.</param>
/// <param name="clock">The emulator's clock, which a turn may have set.</param>
/// <param name="alarm">Waits for the next due work, which a turn may have brought forward.</param>
internal sealed class TurnCommitter(Journal journal, Outbox outbox, TurnListeners listeners, ResetCounter resets, EmulatorClock clock, DueWorkAlarm alarm)
{
    private static readonly Task<bool> Deliverable = Task.FromResult(true);

    private static readonly Action<object> Make = static delivery => ((Action)delivery)();

    private readonly Action<object> _notify = ended => listeners.Notify((TurnEnded)ended);

    /// <inheritdoc cref="TurnGate.KeepsAnnouncements"/>
    public Func<bool> KeepsAnnouncements { get; set; } = static () => false;

    public static ServiceException NotCommitted() => ServiceError.ServiceUnavailable.Because("The database could not be written. Nothing has changed.");

    /// <inheritdoc cref="TurnGate.AddListener"/>
    public void AddListener(Action<TurnEnded> listener) => listeners.Add(listener);

    /// <summary>Ends a turn that has an answer. The answer is delivered before the announcements.</summary>
    /// <param name="realm">The realm of the turn.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="delivery">How it is sent through the outbox; null when the caller waits for the commit.</param>
    /// <param name="span">The span of the turn; null when nobody follows it.</param>
    /// <returns>The commit that the answer waits for.</returns>
    public Task<bool> Commit<T>(Realm realm, T answer, AnswerDelivery<T>? delivery, Activity? span)
    {
        var committed = Commit(realm, null, span, out var ended);
        if (delivery is not null)
            Enqueue(committed, delivery, answer);
        return Enqueue(committed, ended);
    }

    /// <summary>Ends a turn that may have set the clock.</summary>
    /// <inheritdoc cref="TurnGate.Commit"/>
    public Task<bool> Commit(Realm? realm, ClockState clockBefore, Activity? span)
    {
        var committed = Commit(realm, clockBefore, span, out var ended);
        return Enqueue(committed, ended);
    }

    /// <summary>Ends a turn that has thrown and is undone.</summary>
    /// <returns>The commit of what it may have seen.</returns>
    public Task<bool> Refuse<T>(Exception reason, AnswerDelivery<T>? delivery)
    {
        var seen = journal.WhenWritten;
        if (delivery is not null)
            Enqueue(seen, delivery, delivery.Refuse(reason));
        return seen;
    }

    /// <summary>Ends a turn that has replaced the whole world. Deliveries that wait are dropped.</summary>
    /// <param name="entry">What the journal stores of it.</param>
    /// <param name="now">The time of the turn.</param>
    public Task<bool> CommitReplacement(JournalEntry entry, Moment now)
    {
        resets.Increment();
        var committed = journal.Commit(entry);
        if (!listeners.IsEmpty)
            Enqueue(committed, new(null, now, [], []) { IsRestore = !entry.IsReset, Resets = resets.Value });
        alarm.Wake();
        return committed;
    }

    /// <summary>Makes a delivery after those of the turns so far, unless a reset comes before it.</summary>
    public void Deliver(Action delivery) => outbox.Enqueue(DeliverableAfter(journal.WhenWritten), delivery, Make);

    /// <summary>The same for a delivery that has nothing to do with the turns, so that it is never dropped.</summary>
    public void DeliverAlways(Action delivery) => outbox.EnqueueAnswer(DeliverableAfter(journal.WhenWritten), delivery, Make, Make);

    private Task<bool> Commit(Realm? realm, ClockState? clockBefore, Activity? span, out TurnEnded? ended)
    {
        ended = null;
        var isClockSet = clockBefore is not null && clockBefore != clock.State;
        if (!isClockSet && realm is not { Changes.Count: > 0 })
            return journal.WhenWritten;
        if (isClockSet)
            alarm.Wake();
        else
            alarm.WakeIfEarlier(realm!);
        IReadOnlyList<Change> changes = [];
        IReadOnlyList<Action>? afterCommit = null;
        if (realm is not null)
        {
            // Announcements follow from the changes and from the indexes as they stand now, at the end of the turn.
            var announcements = listeners.IsEmpty ? null : Announcements.Of(realm, realm.Changes);
            changes = realm.TakeChanges();
            span?.SetTag("iotjobs.turn.changes", changes.Count);
            afterCommit = realm.TakeAfterCommit();
            if (announcements is not null)
                ended = new(realm.Tenant, realm.Now, changes, announcements)
                {
                    EventConfiguration = realm.EventConfigurations.Only,
                    Resets = resets.Value,
                    IsDueWork = clockBefore is not null,
                    Span = span,
                };
        }
        var committed = journal.Commit(isClockSet
            ? new() { Changes = changes, Clock = clock.State, RollBackOthers = RestoreOf(clockBefore!) }
            : new() { Changes = changes });
        if (afterCommit is not null)
            outbox.Enqueue(DeliverableAfter(committed), afterCommit, static actions => DoAll((IReadOnlyList<Action>)actions));
        return committed;
    }

    // A method of its own, so that other turns pay for no closure.
    private Action RestoreOf(ClockState before) => () => clock.Restore(before);

    private static void DoAll(IReadOnlyList<Action> actions)
    {
        foreach (var action in actions)
            action();
    }

    /// <summary>Queues the announcements of a turn. Answers the commit that the turn's answer waits for.</summary>
    private Task<bool> Enqueue(Task<bool> committed, TurnEnded? ended)
    {
        if (ended is { Announcements.Count: > 0 } && journal.IsDurable && KeepsAnnouncements())
            return EnqueueKept(committed, ended);
        if (ended is not null)
            outbox.Enqueue(DeliverableAfter(committed), ended, _notify);
        return committed;
    }

    /// <summary>Completes when what listeners put in the journal is written too. Whether it is does not undo the turn.</summary>
    private async Task<bool> EnqueueKept(Task<bool> committed, TurnEnded ended)
    {
        var kept = new TaskCompletionSource<Task<bool>>(TaskCreationOptions.RunContinuationsAsynchronously);
        outbox.EnqueueAnswer(
            committed,
            ended,
            _ =>
            {
                if (ended.Resets == resets.Value)
                    listeners.Notify(ended);
                kept.SetResult(journal.WhenWritten);
            },
            _ => kept.SetResult(committed));
        await await kept.Task;
        return await committed;
    }

    private void Enqueue<T>(Task<bool> committed, AnswerDelivery<T> delivery, T answer)
    {
        delivery.Answer = answer;
        outbox.EnqueueAnswer(
            DeliverableAfter(committed), delivery, static made => ((AnswerDelivery<T>)made).SendAnswer(), static made => ((AnswerDelivery<T>)made).SendRefusal());
    }

    /// <summary>Without a database file nothing waits for the journal.</summary>
    private Task<bool> DeliverableAfter(Task<bool> committed) => journal.IsDurable ? committed : Deliverable;
}

/// <summary>How the answer of a turn, or of a refusal, is sent through the outbox.</summary>
internal sealed class AnswerDelivery<T>(Func<Exception, T> refuse, Action<T> send)
{
    /// <summary>The answer, once the turn has one.</summary>
    public T? Answer { get; set; }

    /// <summary>Makes the answer from the exception.</summary>
    public T Refuse(Exception reason) => refuse(reason);

    public void SendAnswer() => send(Answer!);

    /// <summary>Says that the turn could not be committed.</summary>
    public void SendRefusal() => send(refuse(TurnCommitter.NotCommitted()));
}
