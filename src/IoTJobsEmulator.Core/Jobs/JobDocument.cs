using System.Buffers;
using System.Text;
using System.Text.Json;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>What a job tells its devices to do, byte for byte as it was given. A row of its own, because it never changes.</summary>
public sealed record JobDocument : IRow<string>
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 32768;

    /// <summary>The document of a job whose link is not read, because no store of documents is configured.</summary>
    public const string Empty = "{}";

    public required string JobId { get; init; }

    public required string Text { get; init; }

    public string Key => JobId;

    /// <summary>Whether a text could be sent to devices, whose messages embed it as JSON. An array or a plain value may be.</summary>
    public static bool IsJson(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var json = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
            while (json.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Refuses a document given twice, or not at all, or one that is no JSON.</summary>
    public static void CheckSource(string? document, string? documentSource, bool isNeeded)
    {
        if (document is not null && documentSource is not null)
            throw ServiceError.InvalidRequest.Because("Job document and job document source cannot be specified at the same time.");
        if (document is null && documentSource is null && isNeeded)
            throw ServiceError.InvalidRequest.Because("Neither job document nor job document source is specified.");
        if (document is not null && !IsJson(document))
            throw ServiceError.InvalidRequest.Because("Job document is not valid JSON.");
    }

    /// <summary>Refuses placeholders that could not be filled in for devices, as far as the document says so itself.</summary>
    public static void CheckPlaceholders(string? text, PresignedUrlConfig? presignedUrlConfig, ValueList<string>? destinationPackageVersions)
    {
        if (text is null)
            return;
        var placeholders = Placeholder.FindAll(text);
        foreach (var placeholder in placeholders)
            placeholder.Check(destinationPackageVersions?.Count ?? 0);
        if (placeholders.Any(static placeholder => placeholder.IsPresignedUrl) && presignedUrlConfig?.RoleArn is null)
            throw ServiceError.InvalidRequest.Because("presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.");
    }

    /// <summary>
    /// The document as it goes to a device: a URL, made now, in place of each placeholder for one. Without a signer the
    /// placeholders stay.
    /// </summary>
    public string ForDevice(JobExecution execution, PresignedUrlConfig? presignedUrlConfig, UrlSigner? signer, Moment now)
    {
        if (signer is null || !Text.Contains(Placeholder.PresignedUrl, StringComparison.Ordinal))
            return Text;
        var lifetime = TimeSpan.FromSeconds(presignedUrlConfig?.ExpiresInSec ?? PresignedUrlConfig.DefaultExpiresInSec);
        var filledIn = new StringBuilder();
        var copied = 0;
        foreach (var placeholder in Placeholder.FindAll(Text))
        {
            if (!placeholder.IsPresignedUrl || placeholder.TargetFor(execution) is not { } target)
                continue;
            filledIn.Append(Text, copied, placeholder.Start - copied)
                .Append(signer.Sign(placeholder.IsUpload ? UrlSigner.Put : UrlSigner.Get, target, lifetime, now));
            copied = placeholder.End;
        }
        return filledIn.Append(Text, copied, Text.Length - copied).ToString();
    }
}
