using System.Globalization;
using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>A folder of the test's own, with a database file in it.</summary>
internal sealed class Folder : IDisposable
{
    private const string FullDisk = "CREATE TRIGGER full_disk BEFORE INSERT ON Things BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iot-jobs-tests-");

    public string Database => this["jobs.db"];

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public IEnumerable<string> Files => _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal);

    /// <summary>Looks into the database, or meddles with it, as another program would.</summary>
    public T? Ask<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        return Ask<T>(connection, sql);
    }

    public static T? Ask<T>(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } answer and not DBNull ? (T)Convert.ChangeType(answer, typeof(T), CultureInfo.InvariantCulture) : default;
    }

    /// <summary>From now on writing any thing fails, as it would on a full disk.</summary>
    public static void FillUp(SqliteConnection connection) => Ask<int>(connection, FullDisk);

    /// <inheritdoc cref="FillUp(SqliteConnection)"/>
    public void FillUp() => Ask<int>(FullDisk);

    public void MakeRoom() => Ask<int>("DROP TRIGGER full_disk");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Every row of a world, by realm and table.</summary>
    public static Dictionary<(string Account, string Region, string Table), HashSet<object>> Rows(World world) =>
        (from realm in world.Realms
         from table in realm.Tables
         where table.Count > 0
         select ((realm.Account, realm.Region, table.RowType.Name), table.Rows.ToHashSet())).ToDictionary();

    public static void AssertSameRows(
        Dictionary<(string, string, string), HashSet<object>> expected, Dictionary<(string, string, string), HashSet<object>> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (table, rows) in expected)
        {
            Assert.Empty(rows.Except(actual[table]));
            Assert.Equal(rows.Count, actual[table].Count);
        }
    }
}
