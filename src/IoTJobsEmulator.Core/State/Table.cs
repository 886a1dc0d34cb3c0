namespace IoTJobsEmulator.Core.State;

/// <summary>A row knows its own key, which never changes.</summary>
public interface IRow<TKey> where TKey : notnull
{
    TKey Key { get; }
}

/// <summary>A table as storage sees it: rows of one type in one realm.</summary>
public interface ITable
{
    /// <summary>Whose table this is.</summary>
    Realm Realm { get; }

    Type RowType { get; }

    int Count { get; }

    IEnumerable<object> Rows { get; }

    /// <summary>Puts a row that was remembered in its place: no change is recorded.</summary>
    void Load(object row);

    /// <summary>The rows, in no order.</summary>
    object[] ToArray();

    /// <summary>Exchanges all rows, and the indexes, with those of another table of this type: no change is recorded.</summary>
    internal void Exchange(ITable other);
}

/// <inheritdoc/>
public interface ITable<TRow> : ITable where TRow : class
{
    /// <summary>
    /// Puts many rows that were remembered in their places: no change is recorded. Answers what is to be done for it, in parts that
    /// do not touch one another, so that they may be done at once. After <see cref="EndLoad"/> they are found.
    /// </summary>
    IEnumerable<Action> Load(IReadOnlyList<TRow> rows);

    /// <summary>Ends the load of rows, when all parts are done.</summary>
    void EndLoad();

    /// <summary>Puts <paramref name="next"/> where <paramref name="current"/> is, indexes included: only for the undo of a change.</summary>
    internal void Replace(TRow? current, TRow? next);
}

/// <summary>
/// Rows by key. <see cref="Put"/>, <see cref="Change"/> and <see cref="Remove"/> are the only ways to change the world: they keep
/// the indexes and remember what was before and what is after. The tables themselves stand in Tables.cs.
/// </summary>
public abstract class Table<TKey, TRow> : ITable<TRow>, IIndexed<TRow>
    where TKey : IEquatable<TKey>
    where TRow : class, IRow<TKey>
{
    private readonly Realm _realm;
    private readonly ISlots<TKey, TRow> _slots;
    private readonly List<IIndex<TRow>> _indexes = [];

    protected Table(Realm realm) : this(realm, new SlotDictionary<TKey, TRow>())
    {
    }

    /// <param name="realm">Whose table this is.</param>
    /// <param name="slots">Where it finds its rows by their keys.</param>
    private protected Table(Realm realm, ISlots<TKey, TRow> slots) => (_realm, _slots) = (realm, slots);

    public Realm Realm => _realm;

    public Type RowType => typeof(TRow);

    public int Count => _slots.Count;

    public IEnumerable<TRow> All => _slots.All.Select(slot => slot.Row);

    IEnumerable<object> ITable.Rows => All;

    public TRow? Find(TKey key) => _slots.Find(key)?.Row;

    /// <summary>Puts a new row; the key must be free.</summary>
    public Change<TRow> Put(TRow row)
    {
        AddRow(row);
        return Record(null, row);
    }

    /// <summary>
    /// Puts the next row of one that is there. It is made from the row as it now stands, not from one that was read earlier in
    /// the turn. When <paramref name="next"/> answers the row itself, nothing happened.
    /// </summary>
    public Change<TRow> Change(TKey key, Func<TRow, TRow> next) => Change(key, next, static (row, next) => next(row));

    /// <inheritdoc cref="Change(TKey, Func{TRow, TRow})"/>
    /// <param name="key">The key of the row.</param>
    /// <param name="with">What the next row is made with: for changes of each request, which so need no closure.</param>
    /// <param name="next">Makes the next row.</param>
    public Change<TRow> Change<TWith>(TKey key, TWith with, Func<TRow, TWith, TRow> next)
    {
        var slot = SlotOf(key);
        var before = slot.Row;
        var after = next(before, with);
        if (ReferenceEquals(before, after))
            return new(this, before, after);
        ReplaceRow(slot, before, after);
        return Record(before, after);
    }

    public Change<TRow> Remove(TKey key)
    {
        var before = RemoveRow(key);
        return Record(before, null);
    }

    void ITable.Load(object row) => AddRow((TRow)row);

    IEnumerable<Action> ITable<TRow>.Load(IReadOnlyList<TRow> rows)
    {
        _realm.CountRows(rows.Count);
        var slots = new Slot<TRow>[rows.Count];
        for (var i = 0; i < slots.Length; i++)
            slots[i] = new(rows[i]);
        yield return () =>
        {
            if (_slots.TryLoad(slots) is { } second)
                throw IsThere(second);
        };
        foreach (var index in _indexes)
            yield return () =>
            {
                foreach (var slot in slots)
                    index.Add(slot);
            };
    }

    void ITable<TRow>.EndLoad()
    {
        if (_slots.TryEndLoad() is { } second)
            throw IsThere(second);
    }

    object[] ITable.ToArray()
    {
        var rows = new object[_slots.Count];
        var place = 0;
        foreach (var slot in _slots.All)
            rows[place++] = slot.Row;
        return rows;
    }

    void ITable.Exchange(ITable other)
    {
        var others = (Table<TKey, TRow>)other;
        _slots.Exchange(others._slots);
        foreach (var (index, othersIndex) in _indexes.Zip(others._indexes))
            index.Exchange(othersIndex);
    }

    void ITable<TRow>.Replace(TRow? current, TRow? next)
    {
        if (current is not null && next is not null)
            ReplaceRow(SlotOf(current.Key), current, next);
        else if (current is not null)
            RemoveRow(current.Key);
        else if (next is not null)
            AddRow(next);
    }

    void IIndexed<TRow>.Attach(IIndex<TRow> index) => _indexes.Add(index);

    private Change<TRow> Record(TRow? before, TRow? after)
    {
        var change = new Change<TRow>(this, before, after);
        _realm.Record(change);
        return change;
    }

    private void AddRow(TRow row)
    {
        var slot = new Slot<TRow>(row);
        if (!_slots.TryAdd(slot))
            throw IsThere(slot);
        _realm.CountRows(1);
        foreach (var index in _indexes)
            index.Add(slot);
    }

    private void ReplaceRow(Slot<TRow> slot, TRow before, TRow after)
    {
        foreach (var index in _indexes)
            index.Move(slot, before, after);
        slot.Row = after;
    }

    private TRow RemoveRow(TKey key)
    {
        var slot = _slots.Remove(key) ?? throw NotThere(key);
        foreach (var index in _indexes)
            index.Remove(slot);
        _realm.CountRows(-1);
        return slot.Row;
    }

    private Slot<TRow> SlotOf(TKey key) => _slots.Find(key) ?? throw NotThere(key);

    private static ArgumentException IsThere(Slot<TRow> slot) => new($"There is a {typeof(TRow).Name} {slot.Row.Key} already.");

    private static KeyNotFoundException NotThere(TKey key) => new($"There is no {typeof(TRow).Name} {key}.");
}
