namespace IoTJobsEmulator.Core.State;

/// <summary>What a turn did to one row, as it may be read after the turn: rows never change.</summary>
public abstract class RowChange
{
    public abstract Type RowType { get; }

    /// <summary>The row before the change; null if the row is new.</summary>
    public abstract object? RowBefore { get; }

    /// <summary>The row after the change; null if the row was removed.</summary>
    public abstract object? RowAfter { get; }
}

/// <summary>
/// What a turn did to one row of a table. From the list of these follow the undo of a refused turn, what SQLite must write, and
/// what is announced.
/// </summary>
public abstract class Change : RowChange
{
    /// <summary>The table that the row lies in.</summary>
    public abstract ITable Table { get; }

    /// <summary>Puts the row before back in its place. Changes are undone last first.</summary>
    internal abstract void Undo();
}

/// <inheritdoc/>
public sealed class Change<TRow>(ITable<TRow> table, TRow? before, TRow? after) : Change where TRow : class
{
    public TRow? Before => before;

    public TRow? After => after;

    public override ITable Table => table;

    public override Type RowType => typeof(TRow);

    public override object? RowBefore => before;

    public override object? RowAfter => after;

    public void Deconstruct(out TRow? rowBefore, out TRow? rowAfter) => (rowBefore, rowAfter) = (before, after);

    internal override void Undo() => table.Replace(after, before);
}
