using System.Text;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A job's document as it was fetched from its link before the turn: from S3, or from a folder that stands for it. Where neither is
/// configured nothing is fetched, and the document of a job with a link is <see cref="JobDocument.Empty"/>.
/// </summary>
public sealed record FetchedDocument(string DocumentSource, string Text)
{
    /// <summary>The largest object that is read, in bytes.</summary>
    public const int MaxBytes = 32768;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads the content found at a link, null when nothing was found. Refuses what is no job document. The service's own texts are not public.
    /// Source: the developer guide, "Create and manage jobs by using the AWS CLI".
    /// </summary>
    public static FetchedDocument Read(string documentSource, byte[]? content)
    {
        if (content is null)
            throw ServiceError.InvalidRequest.Because($"Job document at {documentSource} cannot be found.");
        if (content.Length > MaxBytes)
            throw ServiceError.InvalidRequest.Because($"Job document at {documentSource} is larger than {MaxBytes} bytes.");
        return Decode(content) is { } text && JobDocument.IsJson(text)
            ? new(documentSource, text)
            : throw ServiceError.InvalidRequest.Because($"Job document at {documentSource} is not valid JSON.");
    }

    private static string? Decode(byte[] content)
    {
        try
        {
            return Strict.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
