using System.Reflection;
using IoTJobsEmulator.Core.State;
using Microsoft.EntityFrameworkCore;

namespace IoTJobsEmulator.Storage;

/// <summary>One table in SQLite: the rows of one type, of all accounts and regions.</summary>
internal abstract class StoredTable(Type rowType, string name, string[] key)
{
    public Type RowType => rowType;

    /// <summary>Small rows need no row ids: they lie in the tree of their key.</summary>
    public bool HasSmallRows { get; init; }

    /// <summary>What the columns hold: the members that can be set.</summary>
    public IEnumerable<Type> MemberTypes => Members.Select(member => Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);

    private IEnumerable<PropertyInfo> Members => rowType.GetProperties().Where(member => member.CanWrite);

    public void Describe(ModelBuilder model)
    {
        var row = model.Entity(rowType).ToTable(name);
        row.Property<string>(JobsDb.Account).HasConversion<NameAsText>();
        row.Property<string>(JobsDb.Region).HasConversion<NameAsText>();
        foreach (var member in Members)
            row.Property(member.Name).ValueGeneratedNever();
        foreach (var member in Members.Where(NameAsText.Fits))
            row.Property(member.Name).HasConversion<NameAsText>();
        row.HasKey([JobsDb.Account, JobsDb.Region, .. key]);
        if (HasSmallRows)
            row.HasAnnotation(CreateTableStatements.WithoutRowId, true);
    }

    /// <summary>Puts every stored row in its place in the world.</summary>
    public abstract void Load(JobsDb db, World world);
}

/// <inheritdoc/>
internal sealed class StoredTable<TRow>(string name, params string[] key) : StoredTable(typeof(TRow), name, key) where TRow : class
{
    private static readonly Func<TRow, long>? OrdinalOf =
        typeof(TRow).GetProperty("Ordinal")?.GetMethod!.CreateDelegate<Func<TRow, long>>();

    public override void Load(JobsDb db, World world)
    {
        var stored = db.Set<TRow>().AsNoTracking()
            .Select(row => new { Account = EF.Property<string>(row, JobsDb.Account), Region = EF.Property<string>(row, JobsDb.Region), Row = row });
        Realm? realm = null;
        ITable? table = null;
        var lastOrdinal = 0L;
        foreach (var found in stored)
        {
            if (realm is null || realm.Account != found.Account || realm.Region != found.Region)
            {
                realm?.OrdinalsWereUsedUpTo(lastOrdinal);
                realm = world.Realm(found.Account, found.Region);
                table = realm.Tables.Single(candidate => candidate.RowType == typeof(TRow));
                lastOrdinal = 0;
            }
            table!.Load(found.Row);
            lastOrdinal = Math.Max(lastOrdinal, OrdinalOf?.Invoke(found.Row) ?? 0);
        }
        realm?.OrdinalsWereUsedUpTo(lastOrdinal);
    }
}
