using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Looks whether an open database file and its <c>-wal</c> are where they were and have what was written. Once they are not, nothing is written
/// any more.
/// </summary>
internal sealed class DatabaseWatch : IDisposable
{
    private readonly DatabaseConnection _connection;
    private readonly WatchedFile _file;
    private FileStream? _log;
    private WatchedFile? _watchedLog;
    private string? _harm;

    /// <param name="connection">The connection to the file, in WAL mode.</param>
    /// <param name="file">The file, open.</param>
    public DatabaseWatch(DatabaseConnection connection, FileStream file)
    {
        (_connection, _file) = (connection, new(file));
        KeepLog(true);
    }

    /// <summary>Watches from now on: the file was loaded, so that its <c>-wal</c> is there.</summary>
    public void Begin()
    {
        _log = new(_connection.Path + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _watchedLog = new(_log);
    }

    /// <exception cref="StorageException">The file or its <c>-wal</c> was harmed.</exception>
    public void ThrowIfHarmed()
    {
        if (_watchedLog is null || (_harm ??= FindHarm(_watchedLog)) is null)
            return;
        KeepLog(true);
        throw new StorageException($"{_harm} while the emulator was running. Nothing is written any more until the emulator is started again");
    }

    /// <summary>Copies all that was committed from the <c>-wal</c> to the file itself, unless it was harmed. Answers whether that succeeded.</summary>
    public bool TryFinish()
    {
        if (_watchedLog is null)
            return false;
        try
        {
            ThrowIfHarmed();
            _connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            KeepLog(false);
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or StorageException)
        {
            KeepLog(true);
            return false;
        }
    }

    public void Dispose() => _log?.Dispose();

    private string? FindHarm(WatchedFile log)
    {
        if (!_file.IsInPlace)
            return $"The database '{_connection.Path}' was removed, renamed or replaced";
        if (!log.IsInPlace)
            return $"'{_connection.Path}-wal' was removed, renamed or replaced";
        if (_file.HasShrunk())
            return $"The database '{_connection.Path}' was truncated";
        // SQLite itself, in another process, truncates the log when all of it is in the file.
        return log.HasShrunk() && LogHasFrames() ? $"'{_connection.Path}-wal' was truncated" : null;
    }

    private bool LogHasFrames()
    {
        using var command = _connection.Command("PRAGMA wal_checkpoint(NOOP)");
        using var row = command.ExecuteReader();
        return row.Read() && row.GetInt64(1) > 0;
    }

    /// <summary>
    /// Whether the <c>-wal</c> stays when the file is closed, and the file itself is not written to: as long as it is not known to be sound.
    /// </summary>
    private void KeepLog(bool keep) => _ = raw.sqlite3_db_config(_connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);
}
