using System.Runtime.CompilerServices;
using IoTJobsEmulator.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>
/// What is stored of EF's model is what follows from it. With IOT_JOBS_WRITE_SCHEMA=1 in the environment the test writes the file anew, to be
/// compiled with the next build.
/// </summary>
public sealed class StoredSchemaTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly JobsDb _db;

    public StoredSchemaTests()
    {
        _connection.Open();
        _db = new(_connection);
    }

    public void Dispose()
    {
        _db.Dispose();
        _connection.Dispose();
    }

    [Fact]
    public void The_stored_script_is_that_of_the_model()
    {
        var script = StoredSchema.Of(_db);
        if (Environment.GetEnvironmentVariable("IOT_JOBS_WRITE_SCHEMA") is not null)
            File.WriteAllText(StoredFile(), script);
        else
            Assert.Equal(script, StoredSchema.Script);
    }

    [Fact]
    public void The_stored_version_is_that_of_the_model() => Assert.Equal(_db.SchemaVersion, StoredSchema.Version);

    [Fact]
    public void The_columns_are_those_of_the_model_with_its_converters()
    {
        _db.Database.EnsureCreated();
        foreach (var table in StoredTables.All)
        {
            var type = _db.Model.FindEntityType(table.RowType)!;
            Assert.Equal(
                type.GetProperties().Where(property => !property.IsShadowProperty()).OrderBy(property => property.Name, StringComparer.Ordinal)
                    .Select(property => (property.PropertyInfo!, property.GetColumnName(), property.GetColumnType(), property.IsNullable, property.IsPrimaryKey(), property.GetTypeMapping().Converter?.GetType().GetGenericArguments()[0])),
                table.Columns(_connection.Handle!).OrderBy(column => column.Name, StringComparer.Ordinal)
                    .Select(column => (column.Member, column.Name, column.ColumnType, column.IsNullable, column.IsKey, column.Converter?.GetType())));
            Assert.Equal(type.GetProperties().Where(property => property.IsShadowProperty()).Select(property => property.Name), table.TenantColumns);
        }
        Assert.Equal(_db.Model.GetEntityTypes().Select(type => type.GetTableName()).Order(StringComparer.Ordinal), StoredTables.TableNames.Order(StringComparer.Ordinal));
    }

    private static string StoredFile([CallerFilePath] string test = "") =>
        Path.Combine(Path.GetDirectoryName(test)!, "../../../src/IoTJobsEmulator/Storage/schema.sql");
}
