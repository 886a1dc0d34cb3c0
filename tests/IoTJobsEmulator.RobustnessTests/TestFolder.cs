using System.Diagnostics;
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

    /// <summary>Runs another program to its end.</summary>
    public static async Task<bool> Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
