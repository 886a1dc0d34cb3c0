namespace IoTJobsEmulator.Documents;

/// <summary>An error of S3 as the local folder answers it. Source: the S3 API reference, "Error responses".</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error code of S3.</param>
/// <param name="Message">The text beside it.</param>
internal sealed record S3Error(int Status, string Code, string Message)
{
    private const int DiskFull = 28, ReadOnlyFileSystem = 30; // errno, the same on Linux and macOS

    public static readonly S3Error
        NoSuchKey = new(404, "NoSuchKey", "The specified key does not exist."),
        AccessDenied = new(403, "AccessDenied", "Access Denied"),
        Expired = new(403, "AccessDenied", "Request has expired"),
        SignatureDoesNotMatch = new(403, "SignatureDoesNotMatch", "The signature does not match the request."),
        KeyTooLong = new(400, "KeyTooLongError", "Your key is too long"),
        EntityTooLarge = new(400, "EntityTooLarge", $"Your proposed upload exceeds the maximum allowed size of {FolderDocuments.MaxObjectBytes} bytes"),
        IncompleteBody = new(400, "IncompleteBody", "The request body cannot be read to its end."),
        FolderAndObject = new(400, "InvalidRequest", "A key and the beginning of another, up to a slash, cannot both be objects in a local folder."),
        SlowDown = new(503, "SlowDown", "Please reduce your request rate."),
        NoSpace = new(503, "ServiceUnavailable", "The disk of the documents folder is full."),
        Unavailable = new(503, "ServiceUnavailable", "The file of the object cannot be read or written.");

    /// <summary>The error for a fault of the file system.</summary>
    public static S3Error Of(Exception fault) => fault switch
    {
        UnauthorizedAccessException => AccessDenied,
        PathTooLongException => KeyTooLong,
        FileNotFoundException or DirectoryNotFoundException => NoSuchKey,
        { HResult: ReadOnlyFileSystem } => AccessDenied,
        { HResult: DiskFull } => NoSpace,
        _ => Unavailable,
    };
}

/// <summary>A request for an S3 object in the local folder is refused.</summary>
internal sealed class S3Exception(S3Error error) : Exception(error.Message)
{
    public S3Error Error => error;
}
