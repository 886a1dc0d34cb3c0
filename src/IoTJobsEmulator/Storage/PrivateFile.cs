namespace IoTJobsEmulator.Storage;

/// <summary>Files that only their owner may read: job documents and details of devices may be confidential.</summary>
internal static class PrivateFile
{
    /// <summary>
    /// Opens a file, or creates it with the permissions 0600. SQLite gives the files beside a database (<c>-wal</c>, <c>-shm</c>) the
    /// permissions of the database. The permissions of a file that exists are not changed.
    /// </summary>
    public static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
