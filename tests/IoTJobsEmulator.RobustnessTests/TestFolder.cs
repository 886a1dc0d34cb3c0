using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.RobustnessTests;

/// <summary>A folder of the test's own.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iot-jobs-robustness-");

    public string Database => this["jobs.db"];

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Looks into a database that no emulator has open, or meddles with it.</summary>
    public static object? Ask(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
