using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// This process's exclusive lock on a database file. It is held on a second file beside it, so that other programs may read the
/// database meanwhile, and on the database itself, far behind its end, so that it cannot be opened under a second name either. The system
/// releases both when the process ends, however it ends. The lock file is not deleted: if each owner deleted it, two processes could hold
/// locks on two files of the same name. While the database is open, the lock file says so: then it needs its <c>-wal</c>.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    /// <summary>SQLite's files have at most 2^48 bytes.</summary>
    private const long BehindTheEnd = 1L << 62;

    private readonly FileStream _lockFile;
    private FileStream? _database;

    private DatabaseLock(string path, FileStream lockFile) => (Path, _lockFile) = (path, lockFile);

    /// <summary>The path of the database file, with links resolved: the same file under another name has the same lock.</summary>
    public string Path { get; }

    /// <exception cref="StorageException">The file cannot be locked: the message says why.</exception>
    public static DatabaseLock Acquire(string databaseFile)
    {
        var path = System.IO.Path.GetFullPath(databaseFile);
        if (Directory.Exists(path))
            throw new StorageException($"The database '{databaseFile}' is a folder.");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(path)))
            throw new StorageException($"The folder of the database '{databaseFile}' does not exist.");
        try
        {
            if (File.Exists(path))
                path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return new(path, PrivateFile.Open(LockPath(path), FileShare.None));
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            throw new StorageException($"The database '{databaseFile}' is in use by another emulator, {LockHolder.Of(LockPath(path))}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database '{databaseFile}' cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the file if the emulator wrote it in this version, or if it is new. Its header is checked before SQLite opens it.</summary>
    /// <param name="warn">Called with a sentence when a lock of another process is waited for, or when changes may be missing.</param>
    /// <exception cref="StorageException">The file is another program's, of another version, or cannot be opened. It is left as it is.</exception>
    public DatabaseFile OpenDatabase(Action<string> warn)
    {
        try
        {
            _database = PrivateFile.Open(Path, FileShare.ReadWrite | FileShare.Delete);
            LockDatabase(_database);
            if (DatabaseHeader.Read(_database) is { Length: > 0 } header)
            {
                if (DatabaseHeader.FindRefusal(header) is { } reason)
                    throw Refuse($"'{Path}' {reason}. It was left as it is: start with a new file, or with the program that wrote it.");
                // Not refused: another program that looked into the file meanwhile has moved the -wal into it, and removed it.
                if (_lockFile.Length > 0 && !File.Exists(Path + "-wal"))
                    warn($"The database '{Path}' was not closed, and its '-wal' is missing: unless another program has opened it since, what was written last is lost");
            }
            return DatabaseFile.Open(_database, warn);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            throw new StorageException($"The database '{Path}' is locked by {LockHolder.Of(Path, Path + "-shm")}.", exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_READONLY)
        {
            throw new StorageException($"The database '{Path}', or its folder, is read-only.", exception);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database '{Path}' cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Notes that the file is open. Called when its <c>-wal</c> is there.</summary>
    /// <exception cref="StorageException">Another emulator has opened it under another name.</exception>
    public void MarkOpen()
    {
        // SQLite has lost it: its own unlocking is of the whole file, until it reads in WAL mode.
        if (OperatingSystem.IsLinux())
            LockDatabase(_database!);
        RandomAccess.Write(_lockFile.SafeFileHandle, "open\n"u8, 0);
    }

    /// <summary>Notes that the file is whole without its <c>-wal</c>.</summary>
    public void MarkClosed() => RandomAccess.SetLength(_lockFile.SafeFileHandle, 0);

    /// <summary>Called when the database is closed.</summary>
    public void Dispose()
    {
        _database?.Dispose();
        _lockFile.Dispose();
    }

    /// <summary>Who has a database file open as an emulator; null when nobody has.</summary>
    public static string? HolderOf(string databaseFile)
    {
        try
        {
            using var lockFile = new FileStream(LockPath(databaseFile), FileMode.Open, FileAccess.Read, FileShare.None);
            return null;
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            return LockHolder.Of(LockPath(databaseFile));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static string LockPath(string path) => path + ".lock";

    /// <summary>EAGAIN of Linux and of macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.</summary>
    private static bool IsHeldByAnother(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private void LockDatabase(FileStream database)
    {
        // .NET offers it on these systems only.
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return;
        try
        {
            database.Lock(BehindTheEnd, 1);
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            throw Refuse($"The database '{Path}' is in use by another emulator under another name: the file has several (hard links).");
        }
    }

    /// <summary>No lock file is left beside a file that the emulator may not use.</summary>
    private StorageException Refuse(string message)
    {
        File.Delete(LockPath(Path));
        return new(message);
    }
}
