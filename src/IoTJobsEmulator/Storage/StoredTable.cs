using System.Reflection;
using System.Text;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>One table in SQLite: the rows of one type, of all accounts and regions, or of none.</summary>
internal abstract class StoredTable(Type rowType, string name, string[] key)
{
    public Type RowType => rowType;

    public string Name => name;

    /// <summary>The members that are the key, within an account and region where the rows belong to one.</summary>
    public IReadOnlyList<string> Key => key;

    /// <summary>Whether the table has no row ids: small rows are stored in the B-tree of their primary key (WITHOUT ROWID).</summary>
    public bool HasSmallRows { get; init; }

    /// <summary>
    /// Whether rows are found by their Ordinal, which no two rows of a realm share and which never changes: rows that come and go together are
    /// neighbors in the file, new ones come last, and SQLite compares one number. For the tables that change with a fleet.
    /// </summary>
    public bool IsOrdered { get; init; }

    /// <summary>
    /// The columns of the primary key in a new file. Account and Region come last, because most rows have the same. A file whose primary keys are
    /// others is read and written, too.
    /// </summary>
    public IReadOnlyList<string> PrimaryKey => [.. IsOrdered ? [StoredTables.Ordinal] : key, .. TenantColumns];

    /// <summary>The columns in the order in which every file has them: those of the key, Account and Region, and the others.</summary>
    public IReadOnlyList<string> ColumnOrder => [.. key.Concat(TenantColumns).Concat(Members.Select(member => member.Name)).Distinct()];

    /// <summary>Whether its rows belong to an account and region.</summary>
    public bool IsOfRealms { get; init; } = true;

    /// <summary>The types of the columns: those of the members that can be set.</summary>
    public IEnumerable<Type> MemberTypes => Members.Select(member => Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);

    /// <summary>The columns before those of the members: none, where the rows belong to no realm.</summary>
    public string[] TenantColumns => IsOfRealms ? [StoredTables.Account, StoredTables.Region] : [];

    /// <summary>The members that have a column.</summary>
    public IEnumerable<PropertyInfo> Members => rowType.GetProperties().Where(member => member.CanWrite);

    /// <summary>The columns of the members, as the database has them.</summary>
    /// <exception cref="StorageException">A member has no column: the table is not the emulator's.</exception>
    public IReadOnlyList<StoredColumn> Columns(sqlite3 database)
    {
        var columns = new Dictionary<string, (string Type, bool IsNullable, bool IsKey)>();
        using var table = new SelectStatement(database, $"""SELECT "name", "type", "notnull", "pk" FROM pragma_table_info('{name}')""");
        while (table.Next())
            columns.Add(Text(0), (Text(1), table.Integer(2) == 0, table.Integer(3) > 0));
        return
        [
            .. Members.Select(member => columns.TryGetValue(member.Name, out var column)
                ? new StoredColumn(member, column.Type, column.IsNullable, column.IsKey)
                : throw new StorageException($"The table {name} has no column {member.Name}")),
        ];

        string Text(int column) => Encoding.UTF8.GetString(table.Text(column));
    }

    /// <summary>The Ordinal of a row of a table that has one.</summary>
    public abstract long OrdinalOf(object row);

    /// <summary>Adds every stored row of realms to the world.</summary>
    public abstract void Load(sqlite3 database, TextPool pool, World world);
}

/// <inheritdoc/>
internal sealed class StoredTable<TRow>(string name, params string[] key) : StoredTable(typeof(TRow), name, key) where TRow : class
{
    /// <summary>How many rows of a realm are added together, while more are read.</summary>
    private const int RowsAtOnce = 50_000;

    private static readonly Func<TRow, long>? Ordinal =
        typeof(TRow).GetProperty(StoredTables.Ordinal)?.GetMethod!.CreateDelegate<Func<TRow, long>>();

    public override long OrdinalOf(object row) => Ordinal!((TRow)row);

    public override void Load(sqlite3 database, TextPool pool, World world)
    {
        using var reader = new RowReader<TRow>(this, database, pool);
        // Rows of several realms lie among one another.
        var rowsOf = new Dictionary<Tenant, List<TRow>>();
        var added = Task.CompletedTask;
        Tenant? tenant = null;
        List<TRow> rows = [];
        while (reader.Next())
        {
            var next = new Tenant(reader.Account, reader.Region);
            if (next != tenant)
            {
                tenant = next;
                rows = rowsOf.TryGetValue(next, out var known) ? known : rowsOf[next] = [];
            }
            rows.Add(reader.Row);
            if (rows.Count == RowsAtOnce)
            {
                added = AddAfter(added, rows, next, world);
                rows = rowsOf[next] = [];
            }
        }
        foreach (var (of, rest) in rowsOf)
            added = AddAfter(added, rest, of, world);
        added.GetAwaiter().GetResult();
        foreach (var of in rowsOf.Keys)
            TableOf(of, world).EndLoad();
    }

    /// <summary>Adds rows to their realm when those before are added, filling the indexes in parallel, while more are read.</summary>
    private static async Task AddAfter(Task before, List<TRow> rows, Tenant tenant, World world)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var table = TableOf(tenant, world);
        Parallel.Invoke([.. table.Load(rows)]);
        if (Ordinal is not null && rows.Count > 0)
            table.Realm.SkipOrdinalsTo(rows.Max(Ordinal));
    }

    private static ITable<TRow> TableOf(Tenant tenant, World world) =>
        (ITable<TRow>)world.Realm(tenant.Account, tenant.Region).Tables.Single(table => table.RowType == typeof(TRow));
}

/// <summary>A column, and the member of the row that it stores.</summary>
/// <param name="Member">The member, whose name the column has.</param>
/// <param name="ColumnType">INTEGER, REAL or TEXT.</param>
/// <param name="IsNullable">Whether the member may be null.</param>
/// <param name="IsKey">Whether it is part of the key.</param>
internal sealed record StoredColumn(PropertyInfo Member, string ColumnType, bool IsNullable, bool IsKey)
{
    public string Name => Member.Name;

    /// <summary>What converts the member's value; null if SQLite stores it as it is.</summary>
    public ColumnConverter? Converter { get; } = ColumnConverters.For(Nullable.GetUnderlyingType(Member.PropertyType) ?? Member.PropertyType);
}
