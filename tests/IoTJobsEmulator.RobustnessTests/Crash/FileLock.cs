using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>Another program that is about to write into the database. Until it ends nobody else can.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    public FileLock(string database)
    {
        _connection = new($"Data Source={database};Pooling=false");
        _connection.Open();
        _transaction = _connection.BeginTransaction(); // BEGIN IMMEDIATE
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }
}
