using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// This process's exclusive lock on a database file. It is held on a second file beside it, so that other programs may read the
/// database meanwhile; the system releases it when the process ends, however it ends. The lock file is not deleted: if each owner
/// deleted it, two processes could hold locks on two files of the same name.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _lockFile;

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
            return new(path, new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StorageException($"The database '{databaseFile}' cannot be used: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new StorageException($"The database '{databaseFile}' is in use by another emulator, or cannot be locked: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the file if the emulator wrote it in this version, or if it is new. Its header is checked before SQLite opens it.</summary>
    /// <exception cref="StorageException">The file is another program's, of another version, or cannot be opened. It is left as it is.</exception>
    public DatabaseFile OpenDatabase()
    {
        try
        {
            if (File.Exists(Path) && ReadHeader() is { Length: > 0 } header)
                CheckHeader(header);
            return DatabaseFile.Open(Path);
        }
        catch (StorageException)
        {
            // No lock file is left beside a file that the emulator did not write.
            File.Delete(LockPath(Path));
            throw;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database '{Path}' cannot be opened: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lockFile.Dispose();

    private static string LockPath(string path) => path + ".lock";

    private byte[] ReadHeader()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[100];
        return header[..file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false)];
    }

    /// <remarks>https://www.sqlite.org/fileformat.html, "The Database Header".</remarks>
    private void CheckHeader(byte[] header)
    {
        if (header.Length < 100 || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            throw new StorageException($"'{Path}' is not an SQLite database. It was left as it is.");
        if (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(68)) != JobsDb.ApplicationId)
            throw new StorageException($"'{Path}' is a database of some other program. It was left as it is.");
        var version = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(60));
        using var connection = new SqliteConnection();
        using var db = new JobsDb(connection);
        if (version != db.SchemaVersion)
            throw new StorageException(
                $"'{Path}' was written by another version of the emulator (its schema is {version:x8}, this one's is {db.SchemaVersion:x8}). "
                + "It was left as it is: start with a new file, or with the version that wrote it.");
    }
}
