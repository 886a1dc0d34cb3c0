using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Copies what was committed from a <c>-wal</c> to its database file. SQLite itself does it within a commit, for which all wait until the disk has synced
/// both files. Here the next commits go on meanwhile: each checkpoint has a thread of its own, and all of them a second connection.
/// Source: https://www.sqlite.org/wal.html#ckpt.
/// </summary>
/// <param name="writer">The connection that commits, in WAL mode and without automatic checkpoints.</param>
/// <param name="file">The database file, open.</param>
internal sealed class Checkpoints(DatabaseConnection writer, FileStream file) : IDisposable
{
    /// <summary>How many pages are copied together: SQLite's own measure.</summary>
    private const int PagesOfOne = 1_000;

    /// <summary>
    /// From this length on, 32 MB, the <c>-wal</c> is to begin from the front. It does only when all of it is copied, which commits without a pause
    /// prevent: they wait for one checkpoint then, of the few pages that came during the one before.
    /// </summary>
    private const int PagesOfLongLog = 8_000, FewPages = 200;

    /// <summary>The greatest length of the <c>-wal</c>, 64 MB: commits wait, however many pages are left.</summary>
    private const int MaxPages = 16_000;

    // SQLITE_CHECKPOINT_NOOP, which SQLitePCLRaw has no name for.
    private const int CountOnly = -1;

    private SqliteConnection? _connection;
    private Task _current = Task.CompletedTask;

    /// <summary>Begins a checkpoint if there is enough to copy, and none is made. Called by the writer after each commit, when the files are known to be sound.</summary>
    public void MakeIfNeeded()
    {
        _ = raw.sqlite3_wal_checkpoint_v2(writer.Handle, null, CountOnly, out var pages, out var copied);
        var left = pages - copied;
        var isLong = pages >= PagesOfLongLog;
        if (pages >= MaxPages || (isLong && left < FewPages && _current.IsCompleted))
        {
            _current.Wait();
            Copy(writer.Handle);
        }
        else if (left >= (isLong ? FewPages : PagesOfOne) && _current.IsCompleted && Connect() is { } connection)
            Begin(connection);
    }

    /// <summary>Waits for the current one.</summary>
    public void Dispose()
    {
        _current.Wait();
        _connection?.Dispose();
        _connection = null;
    }

    private void Begin(sqlite3 connection)
    {
        try
        {
            _current = Task.Factory.StartNew(() => CopyAndSync(connection), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TaskSchedulerException)
        {
            // The system has no thread to give: it is copied after another commit, at MaxPages by the writer itself.
        }
    }

    // What cannot be copied, because the disk is full, is copied the next time.
    private static void Copy(sqlite3 database) => _ = raw.sqlite3_wal_checkpoint_v2(database, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    private void CopyAndSync(sqlite3 database)
    {
        Copy(database);
        try
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // SQLite syncs the file itself before it has the -wal begin from the front, for which the commits wait: this only makes it short.
        }
    }

    private sqlite3? Connect()
    {
        try
        {
            if (_connection is null)
            {
                _connection = DatabaseConnection.OpenAnother(writer.Path, SqliteOpenMode.ReadWrite);
                using var command = _connection.CreateCommand();
                command.CommandText = "SELECT COUNT(*) FROM sqlite_master"; // SQLite learns from the file that it has a -wal
                command.ExecuteScalar();
            }
            return _connection.Handle;
        }
        catch (SqliteException)
        {
            _connection?.Dispose();
            _connection = null;
            return null;
        }
    }
}
