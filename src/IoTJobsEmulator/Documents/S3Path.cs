using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>Percent-encoding of everything but A-Z a-z 0-9 - _ . ~, as Signature Version 4 prescribes it.</summary>
internal static class S3Path
{
    /// <summary>Bucket and key of an object as the path of a URL, without a slash at the beginning.</summary>
    public static string Encode(S3Object target) => Encode($"{target.Bucket}/{target.Key}");

    /// <summary>The same of any path. Its slashes stay.</summary>
    public static string Encode(string path) => string.Join('/', path.Split('/').Select(EncodePart));

    public static string EncodePart(string text) => Uri.EscapeDataString(text);
}
