using System.Buffers;
using System.Globalization;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// Something in a job document that the service fills in: <c>${aws:iot:s3-presigned-url:URL}</c> and the others in the guide. Source: the developer guide,
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

    /// <summary>Where something of a placeholder begins or ends.</summary>
    private static readonly SearchValues<char> Marks = SearchValues.Create("$}\"");

    private static readonly string[] Local = ["thingName", "jobId", "executionNumber"];

    public bool IsUpload => Content.StartsWith(Upload, StringComparison.Ordinal);

    public bool IsPresignedUrl => IsUpload || Content.StartsWith(Plain, StringComparison.Ordinal) || Content.StartsWith(Encoded, StringComparison.Ordinal);

    // A JSON writer may have escaped the slashes.
    private string Url => Content[(Content.IndexOf(':', "aws:iot:".Length) + 1)..].Replace(@"\/", "/", StringComparison.Ordinal);

    /// <summary>
    /// The placeholders of a text in order, those inside others not counted, found in one pass. Where the text of JSON ends that it
    /// stands in, an unfinished placeholder ends too: one of the service's is refused.
    /// </summary>
    public static IReadOnlyList<Placeholder> FindAll(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return [];
        List<(int Start, int End)> found = [];
        Stack<int> open = [];
        for (var at = 0; at < text.Length; at++)
        {
            at = text.AsSpan(at).IndexOfAny(Marks) is >= 0 and var distance ? at + distance : text.Length;
            if (at == text.Length)
                break;
            switch (text[at])
            {
                case '$' when text.AsSpan(at).StartsWith("${"):
                    open.Push(at);
                    break;
                case '}' when open.TryPop(out var start):
                    while (found is [.., var inner] && inner.Start > start)
                        found.RemoveAt(found.Count - 1);
                    found.Add((start, at + 1));
                    break;
                case '"':
                    RefuseUnfinished(text, open);
                    open.Clear();
                    break;
            }
        }
        RefuseUnfinished(text, open);
        return found.ConvertAll(place => new Placeholder(text[(place.Start + 2)..(place.End - 1)], place.Start, place.End));
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
    public S3Object? TargetFor(JobExecution execution) => S3Object.TryParse(
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
        foreach (var inner in FindAll(Content).Select(inner => inner.Content))
        {
            if (inner.StartsWith("aws:iot:s3-presigned-url", StringComparison.Ordinal))
                throw ServiceError.InvalidRequest.Because($"${{{string.Join(':', inner.Split(':').Take(3))}[...]}} should not be the second layer pattern.");
            if (IsUpload && !Local.Contains(inner))
                throw ServiceError.InvalidRequest.Because($"Undefined placeholder, ${{{inner}}}, inside of presign url upload parameter");
        }
        if (!S3Object.TryParse(Url, IsEncoded, out var target))
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

    private static void RefuseUnfinished(string text, Stack<int> open)
    {
        foreach (var start in open)
        {
            if (text.AsSpan(start).StartsWith("${aws:"))
                throw ServiceError.InvalidRequest.Because("One or more parameters or placeholders are not terminated.");
        }
    }
}
