using System.Globalization;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// A file that is open, and that somebody may remove, rename, replace or truncate meanwhile. On Linux the system says what an open file is called
/// now. Windows does not let an open file go. Elsewhere it is noticed that a file is missing, but not that another one has its name.
/// </summary>
internal sealed class WatchedFile
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly FileInfo? _descriptor;
    private readonly string? _name;
    private long _length;

    public WatchedFile(FileStream file)
    {
        (_file, _path) = (file, file.Name);
        if (OperatingSystem.IsLinux())
            _descriptor = new(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}"));
        (_name, _length) = (Name(), RandomAccess.GetLength(file.SafeFileHandle));
    }

    /// <summary>Whether the path still leads to this file. It costs one system call.</summary>
    public bool IsInPlace => _name is null ? File.Exists(_path) : _name == Name();

    /// <summary>Whether the file is shorter than it was when this was asked last. It costs one system call.</summary>
    public bool HasShrunk()
    {
        var before = _length;
        _length = RandomAccess.GetLength(_file.SafeFileHandle);
        return _length < before;
    }

    private string? Name()
    {
        _descriptor?.Refresh();
        return _descriptor?.LinkTarget;
    }
}
