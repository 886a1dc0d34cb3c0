using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// A file that is open, and that somebody may remove, rename, replace or truncate meanwhile. On Linux the system says what an open file is called
/// now. Windows does not let an open file go. Elsewhere it is noticed that a file is missing, but not that another one has its name.
/// </summary>
internal sealed partial class WatchedFile
{
    private const int MaxName = 4096;

    private readonly string _path;
    private readonly FileStream _file;

    // The link by which Linux names an open file, and what it said when the file was opened. Null elsewhere.
    private readonly byte[]? _link, _name;
    private readonly byte[] _nameNow = new byte[MaxName];
    private long _length;

    public WatchedFile(FileStream file)
    {
        (_file, _path) = (file, file.Name);
        if (OperatingSystem.IsLinux())
            _link = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}\0"));
        (_name, _length) = (Name().ToArray(), RandomAccess.GetLength(file.SafeFileHandle));
    }

    /// <summary>Whether the path still leads to this file. It costs one system call.</summary>
    public bool IsInPlace => _link is null ? File.Exists(_path) : Name().SequenceEqual(_name);

    /// <summary>Whether the file is shorter than it was when this was asked last. It costs one system call.</summary>
    public bool HasShrunk()
    {
        var before = _length;
        _length = RandomAccess.GetLength(_file.SafeFileHandle);
        return _length < before;
    }

    /// <summary>What the file is called now. FileInfo would ask for its times and attributes, too, which takes several times as long.</summary>
    private ReadOnlySpan<byte> Name() => _link is null ? [] : _nameNow.AsSpan(0, (int)Math.Max(0, ReadLink(_link, _nameNow, _nameNow.Length)));

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink([In] byte[] path, [Out] byte[] target, nint length);
}
