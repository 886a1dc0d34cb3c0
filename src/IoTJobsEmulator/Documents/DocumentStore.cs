using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>Where the objects lie that job documents are read from and presigned URLs lead to. None is registered when nothing is set.</summary>
internal abstract class DocumentStore
{
    /// <summary>One byte more than the largest document, so that a larger one is known as such.</summary>
    protected const int Enough = FetchedDocument.MaxBytes + 1;

    /// <summary>What lies at a link, or the beginning of it when it is too large for a document; null when there is nothing.</summary>
    public async Task<byte[]?> Read(string link, CancellationToken aborted) =>
        S3Object.TryRead(link, isEncoded: true, out var target) ? await Read(target, link, aborted) : null;

    /// <summary>Who makes the URLs in documents for devices.</summary>
    /// <param name="address">The emulator as the device reaches it: scheme, host, port and base path.</param>
    public abstract UrlSigner Signer(string address);

    protected abstract Task<byte[]?> Read(S3Object target, string link, CancellationToken aborted);

    protected static ServiceException Unreadable(string link, string cause) =>
        ServiceError.InvalidRequest.Because($"Job document at {link} cannot be read: {cause}");
}
