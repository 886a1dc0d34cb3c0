using System.Diagnostics.CodeAnalysis;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>A local folder that stands for S3: a folder for each bucket, in it files named by their keys.</summary>
/// <param name="folder">The folder of the buckets.</param>
/// <param name="secret">Known to this process only: URLs that an emulator made before it was restarted are void.</param>
internal sealed class FolderDocuments(string folder, string secret) : DocumentStore
{
    private readonly string _root = Path.GetFullPath(folder);

    public override FolderUrlSigner Signer(string address) => new(address, secret);

    /// <summary>The file of an object, there or not. Answers false for a name that no file below the bucket can have.</summary>
    public bool TryLocate(S3Object target, [NotNullWhen(true)] out string? file)
    {
        file = null;
        if (!S3Object.IsBucketName(target.Bucket) || target.Key.IndexOfAny(['\\', '\0', ':']) >= 0)
            return false;
        var parts = target.Key.Split('/');
        if (Array.Exists(parts, part => part is "" or "." or ".."))
            return false;
        var bucket = Path.Combine(_root, target.Bucket);
        file = Path.GetFullPath(Path.Combine([bucket, .. parts]));
        return file.StartsWith(bucket + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    protected override async Task<byte[]?> Read(S3Object target, string link, CancellationToken aborted)
    {
        if (!TryLocate(target, out var path) || !File.Exists(path))
            return null;
        try
        {
            await using var file = File.OpenRead(path);
            var content = new byte[BytesRead];
            return content[..await file.ReadAtLeastAsync(content, BytesRead, throwOnEndOfStream: false, aborted)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(link, exception.Message);
        }
    }
}
