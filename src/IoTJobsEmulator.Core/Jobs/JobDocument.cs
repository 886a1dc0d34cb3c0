using System.Globalization;
using System.Text;
using System.Text.Json;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>What a job tells its devices to do, byte for byte as it was given. A row of its own, because it never changes.</summary>
public sealed record JobDocument : IRow<string>
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 32768;

    /// <summary>What the document of a job is whose link nobody could read.</summary>
    public const string Empty = "{}";

    public required string JobId { get; init; }

    public required string Text { get; init; }

    public string Key => JobId;

    /// <summary>Whether a text could be sent to devices, whose messages embed it as JSON. An array or a plain value may be.</summary>
    public static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Refuses a document given twice, or not at all, or one that is no JSON.</summary>
    public static void CheckGiven(string? document, string? documentSource, bool isNeeded)
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
        var placeholders = Placeholder.In(text).ToList();
        foreach (var placeholder in placeholders)
            placeholder.Check(destinationPackageVersions?.Count ?? 0);
        if (placeholders.Exists(placeholder => placeholder.IsPresignedUrl) && presignedUrlConfig?.RoleArn is null)
            throw ServiceError.InvalidRequest.Because("presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.");
    }

    /// <summary>
    /// The document as it goes to a device: a URL, made now, in place of each placeholder for one. Where nobody makes URLs the
    /// placeholders stay.
    /// </summary>
    public string ForDevice(JobExecution execution, PresignedUrlConfig? presignedUrlConfig, UrlSigner? signer, Moment now)
    {
        if (signer is null || !Text.Contains(Placeholder.PresignedUrl, StringComparison.Ordinal))
            return Text;
        var lifetime = TimeSpan.FromSeconds(presignedUrlConfig?.ExpiresInSec ?? PresignedUrlConfig.DefaultExpiresInSec);
        var filledIn = new StringBuilder();
        var copied = 0;
        foreach (var placeholder in Placeholder.In(Text))
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

/// <summary>
/// Something in a job document that the service fills in: <c>${aws:iot:s3-presigned-url:URL}</c> and its kin. Source: the developer guide,
/// "Create and manage jobs", "Preparing jobs for the software package catalog" and its troubleshooting page, which has the texts.
/// </summary>
/// <param name="Content">What stands between the braces.</param>
/// <param name="Start">Where it begins in the document.</param>
/// <param name="End">Where the text after it begins.</param>
internal sealed record Placeholder(string Content, int Start, int End)
{
    public const string PresignedUrl = "${aws:iot:s3-presigned-url";

    private const string Plain = "aws:iot:s3-presigned-url:", Encoded = "aws:iot:s3-presigned-url-v2:", Upload = "aws:iot:s3-presigned-url-upload:";

    private const string Package = "aws:iot:package:", NoVersion = "$null";

    private const int MaxOccurrences = 2;

    private static readonly string[] Local = ["thingName", "jobId", "executionNumber"];

    public bool IsUpload => Content.StartsWith(Upload, StringComparison.Ordinal);

    public bool IsPresignedUrl => IsUpload || Content.StartsWith(Plain, StringComparison.Ordinal) || Content.StartsWith(Encoded, StringComparison.Ordinal);

    // A JSON writer may have escaped the slashes.
    private string Url => Content[(Content.IndexOf(':', "aws:iot:".Length) + 1)..].Replace(@"\/", "/", StringComparison.Ordinal);

    /// <summary>The placeholders of a text in order, those inside others not counted. Refuses one of the service's without an end.</summary>
    public static IEnumerable<Placeholder> In(string text)
    {
        for (var start = text.IndexOf("${", StringComparison.Ordinal); start >= 0; start = text.IndexOf("${", start, StringComparison.Ordinal))
        {
            if (EndOf(text, start) is { } end)
            {
                yield return new(text[(start + 2)..(end - 1)], start, end);
                start = end;
            }
            else if (text.AsSpan(start).StartsWith("${aws:"))
            {
                throw ServiceError.InvalidRequest.Because("One or more parameters or placeholders are not terminated.");
            }
            else
            {
                start += 2;
            }
        }
    }

    public void Check(int destinations)
    {
        if (Local.Contains(Content))
            throw ServiceError.InvalidRequest.Because($"Local placeholder, ${{{Content}}}, is only valid inside of presign url upload");
        if (Content.StartsWith(Package, StringComparison.Ordinal))
            CheckPackage(destinations);
        if (IsPresignedUrl)
            CheckUrl();
    }

    /// <summary>The object that the URL is to lead to, for one execution; null when the link names none.</summary>
    public S3Object? TargetFor(JobExecution execution) => S3Object.TryRead(
            Url.Replace("${thingName}", execution.ThingName, StringComparison.Ordinal)
                .Replace("${jobId}", execution.JobId, StringComparison.Ordinal)
                .Replace("${executionNumber}", execution.ExecutionNumber.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            IsEncoded,
            out var target)
        ? target
        : null;

    private bool IsEncoded => Content.StartsWith(Encoded, StringComparison.Ordinal);

    private void CheckUrl()
    {
        foreach (var inner in In(Content).Select(inner => inner.Content))
        {
            if (inner.StartsWith("aws:iot:s3-presigned-url", StringComparison.Ordinal))
                throw ServiceError.InvalidRequest.Because($"${{{string.Join(':', inner.Split(':').Take(3))}[...]}} should not be the second layer pattern.");
            if (IsUpload && !Local.Contains(inner))
                throw ServiceError.InvalidRequest.Because($"Undefined placeholder, ${{{inner}}}, inside of presign url upload parameter");
        }
        if (!S3Object.TryRead(Url, IsEncoded, out var target))
            throw ServiceError.InvalidRequest.Because("Provided argument for presigned url is invalid");
        if (IsUpload)
            CheckUpload(target);
        if (!S3Object.IsBucketName(target.Bucket))
            throw ServiceError.InvalidRequest.Because("Given S3 bucket name is invalid.");
    }

    private static void CheckUpload(S3Object target)
    {
        if (target.Bucket.Contains("${", StringComparison.Ordinal))
            throw ServiceError.InvalidRequest.Because("S3 bucket name in presigned url upload is not allowed to contain any placeholders");
        foreach (var local in Local)
        {
            if (target.Key.Split($"${{{local}}}").Length - 1 > MaxOccurrences)
                throw ServiceError.InvalidRequest.Because($"The occurrence of local placeholder ${{{local}}} within S3 presigned url upload placeholder exceeds limit of {MaxOccurrences}.");
        }
    }

    // ${aws:iot:package:NAME:version:VERSION:...}; name and version may be left out where the job has one destination.
    private void CheckPackage(int destinations)
    {
        if (Content[Package.Length..].Split(':') is not [var name, "version", var version, ..])
            return;
        if (version == NoVersion)
            throw ServiceError.InvalidRequest.Because("$null is not allowed to be referenced as a package version in job documents.");
        if (name.Length == 0 != (version.Length == 0))
            throw ServiceError.InvalidRequest.Because("Empty package name and version name have to be used in pair.");
        if (name.Length == 0 && destinations > 1)
            throw ServiceError.InvalidRequest.Because("Cannot resolve empty package name and version name given multiple elements in destination package versions.");
    }

    // Where the text of JSON ends that it stands in, an unfinished placeholder ends too.
    private static int? EndOf(string text, int start)
    {
        var depth = 0;
        for (var i = start; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '}' && --depth == 0)
                return i + 1;
            if (text.AsSpan(i).StartsWith("${"))
                depth++;
        }
        return null;
    }
}
