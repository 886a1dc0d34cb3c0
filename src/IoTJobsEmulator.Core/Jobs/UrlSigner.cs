namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// Makes the presigned URLs in documents for devices. Whoever sends documents to devices passes one on; where it is null, placeholders
/// for URLs stay as they are.
/// </summary>
public abstract record UrlSigner
{
    /// <summary>The HTTP methods that a URL can be signed for.</summary>
    public const string Get = "GET", Put = "PUT";

    /// <summary>A URL with which anyone may read (<see cref="Get"/>) or write (<see cref="Put"/>) an S3 object.</summary>
    /// <param name="method"><see cref="Get"/> or <see cref="Put"/>.</param>
    /// <param name="target">The object.</param>
    /// <param name="lifetime">How long the URL is valid, in whole seconds.</param>
    /// <param name="now">The moment of the turn, from which the lifetime counts on the emulator's clock.</param>
    public abstract string Sign(string method, S3Object target, TimeSpan lifetime, Moment now);
}
