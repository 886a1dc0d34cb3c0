using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// This process's claim to a database file. The lock lies on a file of its own beside it, so that others may look into the database
/// meanwhile; the system lets go of it when the process ends, however it ends. The lock's file stays: if each owner removed it, two
/// could hold locks on two files of the same name.
/// </summary>
internal sealed class DatabaseClaim : IDisposable
{
    private readonly FileStream _lock;

    private DatabaseClaim(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The database file, links followed: the same file by another name is the same claim.</summary>
    public string Path { get; }

    public static DatabaseClaim To(string databaseFile)
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
            return new(path, new FileStream(LockFile(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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

    /// <summary>Opens the file if it is ours, of this version, or new. It is told by its header before SQLite touches it.</summary>
    public DatabaseFile Open()
    {
        try
        {
            if (File.Exists(Path) && Header() is { Length: > 0 } header)
                RefuseUnlessOurs(header);
            return DatabaseFile.Kept(Path);
        }
        catch (StorageException)
        {
            // Nothing of ours stays beside a file that is not ours.
            File.Delete(LockFile(Path));
            throw;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database '{Path}' cannot be opened: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string LockFile(string path) => path + ".lock";

    private byte[] Header()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[100];
        return header[..file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false)];
    }

    /// <remarks>https://www.sqlite.org/fileformat.html, "The Database Header".</remarks>
    private void RefuseUnlessOurs(byte[] header)
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
