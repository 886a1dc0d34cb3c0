using System.Reflection;
using IoTJobsEmulator.Core.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>One table in SQLite: the rows of one type, of all accounts and regions, or of none.</summary>
internal abstract class StoredTable(Type rowType, string name, string[] key)
{
    public Type RowType => rowType;

    /// <summary>Whether the table has no row ids: small rows are stored in the B-tree of their key (WITHOUT ROWID).</summary>
    public bool HasSmallRows { get; init; }

    /// <summary>Whether its rows belong to an account and region.</summary>
    public bool IsOfRealms { get; init; } = true;

    /// <summary>The types of the columns: those of the members that can be set.</summary>
    public IEnumerable<Type> MemberTypes => Members.Select(member => Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);

    private IEnumerable<PropertyInfo> Members => rowType.GetProperties().Where(member => member.CanWrite);

    public void Configure(ModelBuilder model)
    {
        var row = model.Entity(rowType).ToTable(name);
        string[] tenant = IsOfRealms ? [JobsDb.Account, JobsDb.Region] : [];
        foreach (var column in tenant)
            row.Property<string>(column);
        foreach (var member in Members)
            row.Property(member.Name).ValueGeneratedNever();
        row.HasKey([.. tenant, .. key]);
        if (HasSmallRows)
            row.HasAnnotation(TableSqlGenerator.WithoutRowId, true);
    }

    /// <summary>Adds every stored row of realms to the world.</summary>
    public abstract void Load(IModel model, sqlite3 database, TextPool pool, World world);
}

/// <inheritdoc/>
internal sealed class StoredTable<TRow>(string name, params string[] key) : StoredTable(typeof(TRow), name, key) where TRow : class
{
    private static readonly Func<TRow, long>? OrdinalOf =
        typeof(TRow).GetProperty("Ordinal")?.GetMethod!.CreateDelegate<Func<TRow, long>>();

    public override void Load(IModel model, sqlite3 database, TextPool pool, World world)
    {
        using var reader = new RowReader<TRow>(model.FindEntityType(typeof(TRow))!, database, pool);
        var rows = new List<TRow>();
        Realm? realm = null;
        while (reader.Next())
        {
            var (account, region) = (reader.Account, reader.Region);
            if (realm is null || realm.Account != account || realm.Region != region)
            {
                AddAll(rows, realm);
                realm = world.Realm(account, region);
            }
            rows.Add(reader.Row);
        }
        AddAll(rows, realm);
    }

    /// <summary>Adds rows to a realm, filling the indexes in parallel, and empties the list.</summary>
    private static void AddAll(List<TRow> rows, Realm? realm)
    {
        if (realm is null)
            return;
        var table = (ITable<TRow>)realm.Tables.Single(candidate => candidate.RowType == typeof(TRow));
        Parallel.Invoke([.. table.Load(rows)]);
        if (OrdinalOf is not null)
            realm.SkipOrdinalsTo(rows.Max(OrdinalOf));
        rows.Clear();
    }
}
