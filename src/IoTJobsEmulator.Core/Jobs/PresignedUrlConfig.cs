using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>How placeholders for presigned S3 URLs in a job document are filled in. Source: API_PresignedUrlConfig.</summary>
public sealed record PresignedUrlConfig : IStructure
{
    /// <summary>The role that may read the objects. 20 to 2048 characters.</summary>
    [RoleArn] public string? RoleArn { get; init; }

    /// <summary>In seconds, 60 to 3600; 3600 when not given.</summary>
    [ExpiresInSec] public long? ExpiresInSec { get; init; }

    /// <summary>How long a URL is good when a job does not say.</summary>
    public const long DefaultExpiresInSec = 3600;

    /// <summary>Refuses a role that is no ARN of a role.</summary>
    public void Check()
    {
        if (RoleArn is not null && !(RoleArn.StartsWith("arn:", StringComparison.Ordinal) && RoleArn.Contains(":role/", StringComparison.Ordinal)))
            throw ServiceError.InvalidRequest.Because($"Given role {RoleArn} is invalid.");
    }
}
