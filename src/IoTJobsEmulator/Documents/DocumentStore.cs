using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>The S3 objects that job documents are read from and presigned URLs lead to. None is registered when none is configured.</summary>
internal abstract class DocumentStore
{
    /// <summary>How many bytes are read: one more than the largest document has, so that a larger one is recognized.</summary>
    protected const int BytesRead = FetchedDocument.MaxBytes + 1;

    /// <summary>The content of the S3 object at a link, its beginning when it is too large for a document; null when there is none.</summary>
    public async Task<byte[]?> Read(string link, CancellationToken aborted) =>
        S3Object.TryParse(link, isEncoded: true, out var target) ? await Read(target, link, aborted) : null;

    /// <summary>The signer of the URLs in documents for devices.</summary>
    /// <param name="address">The emulator as the device reaches it: scheme, host, port and base path.</param>
    public abstract UrlSigner Signer(string address);

    protected abstract Task<byte[]?> Read(S3Object target, string link, CancellationToken aborted);

    protected static ServiceException Unreadable(string link, string cause) =>
        ServiceError.InvalidRequest.Because($"Job document at {link} cannot be read: {cause}");
}
