using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The EF model of <see cref="StoredTables"/>, of which the stored schema is made (<see cref="StoredSchema"/>); no emulator builds it, nor loads EF.
/// </summary>
internal sealed class JobsDb(SqliteConnection connection) : DbContext
{
    /// <summary>
    /// SQLite's user_version. It is a hash of the tables and columns of the model, so it changes with them without anybody's doing. It does not depend on
    /// the primary keys, because files with others are used as well.
    /// </summary>
    public int SchemaVersion
    {
        get
        {
            var columns =
                from type in Model.GetEntityTypes()
                from property in type.GetProperties()
                let line = $"{type.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()} {property.IsNullable} {IsOfKey(property)}"
                orderby line
                select line;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', columns.Order(StringComparer.Ordinal))));
            return (BitConverter.ToInt32(hash) & 0x7FFF_FFFF) | 1;
        }
    }

    protected override void OnConfiguring(DbContextOptionsBuilder options) =>
        options.UseSqlite(connection).ReplaceService<IMigrationsSqlGenerator, TableSqlGenerator>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        foreach (var type in StoredTables.All.SelectMany(table => table.MemberTypes).Distinct())
            if (ColumnConverters.For(type) is { } converter)
                conventions.Properties(type).HaveConversion(typeof(ModelConverter<,,>).MakeGenericType([converter.GetType(), .. converter.GetType().BaseType!.GetGenericArguments()]));
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var table in StoredTables.All)
            Configure(model, table);
        model.Entity<ClockState>(clock =>
        {
            clock.ToTable(StoredTables.Clock);
            clock.Property<int>("Id").ValueGeneratedNever();
            clock.HasKey("Id");
        });
    }

    /// <summary>Whether a column is one of those that tell rows apart for the emulator.</summary>
    private static bool IsOfKey(IProperty property) =>
        StoredTables.All.SingleOrDefault(table => table.RowType == property.DeclaringType.ClrType) is { } table
            ? table.Key.Contains(property.Name) || table.TenantColumns.Contains(property.Name)
            : property.IsPrimaryKey();

    private static void Configure(ModelBuilder model, StoredTable table)
    {
        var row = model.Entity(table.RowType).ToTable(table.Name);
        foreach (var column in table.TenantColumns)
            row.Property<string>(column);
        foreach (var member in table.Members)
            row.Property(member.Name).ValueGeneratedNever();
        foreach (var (place, column) in table.ColumnOrder.Index())
            row.Property(column).HasColumnOrder(place);
        row.HasKey([.. table.PrimaryKey]);
        if (table.HasSmallRows)
            row.HasAnnotation(TableSqlGenerator.WithoutRowId, true);
    }

    /// <summary>A converter of ours as EF has them.</summary>
    private sealed class ModelConverter<TConverter, TMember, TColumn>() : ValueConverter<TMember, TColumn>(
        value => Converter.Write(value), stored => Converter.Read(stored))
        where TConverter : ColumnConverter<TMember, TColumn>, new()
    {
        private static readonly TConverter Converter = new();
    }
}
