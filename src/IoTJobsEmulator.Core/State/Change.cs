namespace IoTJobsEmulator.Core.State;

/// <summary>
/// What a turn did to one row: null before is a new row, null after one that is gone. From the list of these follow the undo of
/// a refused turn, what SQLite must write, and what is announced.
/// </summary>
public abstract class Change
{
    /// <summary>The table that the row lies in.</summary>
    public abstract ITable Table { get; }

    public abstract object? RowBefore { get; }

    public abstract object? RowAfter { get; }

    /// <summary>Puts the row before back in its place. Changes are undone last first.</summary>
    internal abstract void Undo();
}

/// <inheritdoc/>
public sealed class Change<TRow>(ITable<TRow> table, TRow? before, TRow? after) : Change where TRow : class
{
    public TRow? Before => before;

    public TRow? After => after;

    public override ITable Table => table;

    public override object? RowBefore => before;

    public override object? RowAfter => after;

    public void Deconstruct(out TRow? rowBefore, out TRow? rowAfter) => (rowBefore, rowAfter) = (before, after);

    internal override void Undo() => table.Replace(after, before);
}
