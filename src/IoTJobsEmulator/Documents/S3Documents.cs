using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IoTJobsEmulator.Core;
using S3Object = IoTJobsEmulator.Core.Jobs.S3Object;

namespace IoTJobsEmulator.Documents;

/// <summary>An S3, or what speaks like it, at an endpoint of its own. Buckets stand in the path, which all of them understand.</summary>
internal sealed class S3Documents(S3Location location, string region, TimeProvider machine) : DocumentStore, IDisposable
{
    /// <summary>How long an object is waited for, from the request to its last byte. A local endpoint answers at once or not at all, and a caller waits.</summary>
    internal static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Lazy<AmazonS3Client> _client = new(() => new(
        new BasicAWSCredentials(location.AccessKey, location.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = location.Endpoint.AbsoluteUri,
            AuthenticationRegion = region,
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan, // Read has its own, which covers the content, too
        }));

    /// <summary>S3 checks its URLs by the real clock, whatever the emulator's says.</summary>
    public override S3UrlSigner Signer(string address) =>
        new(location.Endpoint, new(region, location.AccessKey, location.SecretKey, SessionToken: null), Moment.Of(machine.GetUtcNow()));

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    protected override async Task<byte[]?> Read(S3Object target, string link, CancellationToken aborted)
    {
        if (!S3Object.IsBucketName(target.Bucket))
            throw Unreadable(link, $"{target.Bucket} is not a valid bucket name.");
        // HTTP clients remove such parts from the path, which would then name another bucket.
        if (target.Key.Split('/').Any(part => part is "." or ".."))
            throw Unreadable(link, "a part of its key is . or .., which cannot be asked for over HTTP.");
        using var timeout = new CancellationTokenSource(CallTimeout, machine);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
        try
        {
            var request = new GetObjectRequest { BucketName = target.Bucket, Key = target.Key, VersionId = target.VersionId };
            using var found = await _client.Value.GetObjectAsync(request, ended.Token);
            var content = new byte[BytesRead];
            return content[..await found.ResponseStream.ReadAtLeastAsync(content, BytesRead, throwOnEndOfStream: false, ended.Token)];
        }
        catch (AmazonS3Exception refusal) when (refusal.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception) when (timeout.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw Unreadable(link, $"{location.Endpoint} has not answered within {CallTimeout.TotalSeconds} seconds.");
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw Unreadable(link, fault.Message);
        }
    }
}

/// <summary>Where an S3 is, and whose it is.</summary>
internal sealed record S3Location(Uri Endpoint, string AccessKey, string SecretKey)
{
    public override string ToString() => $"S3 at {Endpoint}"; // without the key
}
