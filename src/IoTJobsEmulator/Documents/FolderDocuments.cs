using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>
/// A local folder that stands for S3: a folder for each bucket, in it files named by their keys. Nothing outside it is read or written:
/// symbolic links are resolved first, and one that leads outside has no object. Who can change the folder itself is trusted.
/// </summary>
/// <param name="folder">The folder of the buckets.</param>
/// <param name="secret">Known to this process only: URLs that an emulator made before it was restarted are void.</param>
internal sealed class FolderDocuments(string folder, string secret) : DocumentStore, IDisposable
{
    /// <summary>The largest object that is written. S3 takes 5 GB at once; a device's log or dump is smaller.</summary>
    public const long MaxObjectBytes = 256L << 20;

    /// <summary>How many objects are written at the same time. More are refused with SlowDown.</summary>
    public const int MaxUploads = 16;

    /// <summary>The longest key of S3, in bytes of UTF-8.</summary>
    private const int MaxKeyBytes = 1024;

    private const int CopyBytes = 81_920;

    private readonly string _root = Path.GetFullPath(folder);
    private readonly SemaphoreSlim _uploads = new(MaxUploads);

    public override FolderUrlSigner Signer(string address) => new(address, secret);

    /// <summary>Opens an object for reading.</summary>
    /// <returns>The content, which can be sought in, and when it was last written; null when there is no such object.</returns>
    /// <exception cref="S3Exception">The file cannot be read.</exception>
    public (Stream Content, DateTimeOffset LastModified)? Open(S3Object target)
    {
        if (Locate(target) is not { } path)
            return null;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return null;
            // The length of pipes and devices is 0. They are not opened, because opening or reading one may never end.
            return (file.Length == 0 ? Stream.Null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true), file.LastWriteTimeUtc);
        }
        catch (Exception fault) when (IsOfDisk(fault))
        {
            return S3Error.Of(fault) is var error && error == S3Error.NoSuchKey ? null : throw new S3Exception(error);
        }
    }

    /// <summary>
    /// Writes an object, whole or not at all: through a temporary file beside it. Faults in reading the content are not caught.
    /// </summary>
    /// <exception cref="S3Exception">The object is too large, or cannot be written here.</exception>
    public async Task Write(S3Object target, Stream content, CancellationToken aborted)
    {
        if (!_uploads.Wait(0, CancellationToken.None))
            throw new S3Exception(S3Error.SlowDown);
        try
        {
            if (Encoding.UTF8.GetByteCount(target.Key) > MaxKeyBytes)
                throw new S3Exception(S3Error.KeyTooLong);
            var file = Locate(target) ?? throw new S3Exception(S3Error.NoSuchKey);
            await WriteThrough(file, content, aborted);
        }
        finally
        {
            _uploads.Release();
        }
    }

    public void Dispose() => _uploads.Dispose();

    protected override async Task<byte[]?> Read(S3Object target, string link, CancellationToken aborted)
    {
        try
        {
            if (Open(target) is not var (stream, _))
                return null;
            await using var file = stream;
            var content = new byte[BytesRead];
            return content[..await file.ReadAtLeastAsync(content, BytesRead, throwOnEndOfStream: false, aborted)];
        }
        catch (S3Exception refusal)
        {
            throw Unreadable(link, refusal.Message);
        }
        catch (Exception fault) when (IsOfDisk(fault))
        {
            throw Unreadable(link, fault.Message);
        }
    }

    private static async Task WriteThrough(string file, Stream content, CancellationToken aborted)
    {
        var folder = Path.GetDirectoryName(file)!;
        var temporary = Path.Combine(folder, $".{RandomNumberGenerator.GetHexString(16)}.upload");
        await using var written = OnDisk(() =>
        {
            if (Directory.Exists(file) || IsBelowFile(folder))
                throw new S3Exception(S3Error.FolderAndObject);
            Directory.CreateDirectory(folder);
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        });
        try
        {
            await Copy(content, written, aborted);
            OnDisk(() =>
            {
                written.Dispose();
                File.Move(temporary, file, overwrite: true);
                return true;
            });
        }
        catch
        {
            await written.DisposeAsync();
            File.Delete(temporary);
            throw;
        }
    }

    private static async Task Copy(Stream content, FileStream written, CancellationToken aborted)
    {
        var buffer = new byte[CopyBytes];
        for (var total = 0L; await content.ReadAsync(buffer, aborted) is > 0 and var read;)
        {
            if ((total += read) > MaxObjectBytes)
                throw new S3Exception(S3Error.EntityTooLarge);
            try
            {
                await written.WriteAsync(buffer.AsMemory(0, read), aborted);
            }
            catch (Exception fault) when (IsOfDisk(fault))
            {
                throw new S3Exception(S3Error.Of(fault));
            }
        }
    }

    /// <summary>The file of an object without links, there or not; null for a name that no file in the folder can have.</summary>
    private string? Locate(S3Object target)
    {
        if (!S3Object.IsBucketName(target.Bucket) || target.Key.Any(character => character is '\\' or ':' || char.IsControl(character)))
            return null;
        var parts = target.Key.Split('/');
        if (Array.Exists(parts, part => part is "" or "." or ".."))
            return null;
        return RealPath.Of(_root) is { } root && RealPath.Of(Path.Combine([root, target.Bucket, .. parts])) is { } file
            && file.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? file
            : null;
    }

    private static bool IsBelowFile(string? folder)
    {
        while (folder is not null && !Directory.Exists(folder))
        {
            if (File.Exists(folder))
                return true;
            folder = Path.GetDirectoryName(folder);
        }
        return false;
    }

    private static T OnDisk<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (IsOfDisk(fault))
        {
            throw new S3Exception(S3Error.Of(fault));
        }
    }

    private static bool IsOfDisk(Exception fault) => fault is IOException or UnauthorizedAccessException;
}
