namespace IoTJobsEmulator.Core.State;

/// <summary>The parts of the groups of an order, each part in order.</summary>
public sealed class PartsOfGroups<TRow, TGroup, TOrder> : GroupedIndex<TRow, PartOfGroup<TGroup>, TOrder>
    where TRow : class
    where TGroup : IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private readonly GroupOrder<TRow, TGroup, InPart<TOrder>> _rows;
    private readonly Func<TRow, InPart<TOrder>> _order;
    private readonly Func<TRow, TOrder> _orderInPart;
    private readonly TOrder _lowest;

    /// <param name="rows">The order whose parts they are.</param>
    /// <param name="order">The place of a row.</param>
    /// <param name="lowest">A place before all others.</param>
    internal PartsOfGroups(GroupOrder<TRow, TGroup, InPart<TOrder>> rows, Func<TRow, InPart<TOrder>> order, TOrder lowest) =>
        (_rows, _order, _orderInPart, _lowest) = (rows, order, row => order(row).Place, lowest);

    public override IEnumerable<PartOfGroup<TGroup>> Groups =>
        _rows.Groups.SelectMany(group => _rows.RowsIn(group).Select(row => new PartOfGroup<TGroup>(group, _order(row).Part)).Distinct());

    public override int Count(PartOfGroup<TGroup> group) => RowsIn(group).Count();

    public override TRow? First(PartOfGroup<TGroup> group) => FirstAfter(group, _lowest);

    public override IEnumerable<TRow> RowsIn(PartOfGroup<TGroup> group) => RowsAfter(group, _lowest);

    public override IEnumerable<TRow> RowsAfter(PartOfGroup<TGroup> group, TOrder place) => FirstAfter(group, place) is null
        ? [] // as mostly, for which nothing is made
        : _rows.RowsAfter(group.Group, new(group.Part, place)).TakeWhile(row => _order(row).Part == group.Part);

    /// <summary>The first row of a part that comes after a place in its order, which need not be taken, or null.</summary>
    public TRow? FirstAfter(PartOfGroup<TGroup> group, TOrder place) =>
        _rows.FirstAfter(group.Group, new(group.Part, place)) is { } row && _order(row).Part == group.Part ? row : null;

    private protected override Func<TRow, TOrder> OrderIn(PartOfGroup<TGroup> group) => _orderInPart;
}
