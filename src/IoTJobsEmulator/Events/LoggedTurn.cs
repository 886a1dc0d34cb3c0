using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Events;

/// <summary>
/// What a turn has changed: of each row of which there is an event, what the event shows. The rows themselves are not kept, which would keep every
/// version of them in memory for as long as the log. A row that was changed several times in the turn gives one event, in the place of its last change.
/// </summary>
internal sealed class LoggedTurn : LoggedEvents
{
    private readonly LoggedRow[] _rows;

    private LoggedTurn(Tenant tenant, Moment at, LoggedRow[] rows) : base(tenant, at)
    {
        _rows = rows;
        foreach (var row in rows)
            Bytes += row.Bytes;
    }

    public override int Count => _rows.Length;

    public override long Bytes { get; }

    /// <summary>What is kept of a turn; null when it has changed nothing of which there are events.</summary>
    /// <param name="tenant">The account and region.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="changedRows">Where its rows are found together.</param>
    public static LoggedTurn? Of(Tenant tenant, TurnEnded turn, ChangedRows changedRows) =>
        changedRows.In(turn.Changes) is { Length: > 0 } rows ? new(tenant, turn.At, rows) : null;

    public override IEnumerable<EmulatorEvent> Events() => _rows.Select((row, place) => row.Complete(New(row.Type, place)));
}
