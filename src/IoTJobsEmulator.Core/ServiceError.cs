namespace IoTJobsEmulator.Core;

/// <summary>
/// Every error the service can answer with: the exception's name, its HTTP status, and its code over MQTT. Where the data
/// plane answers otherwise than the control plane, the row says so.
/// Source: the error shapes of the service models, <c>iot</c> and <c>iot-jobs-data</c>; the developer guide's list of MQTT codes.
/// </summary>
public sealed record ServiceError(string Name, int Status, string MqttCode)
{
    public static readonly ServiceError InvalidRequest = new("InvalidRequestException", 400, "InvalidRequest");
    public static readonly ServiceError InvalidQuery = new("InvalidQueryException", 400, "InternalError");
    public static readonly ServiceError Unauthorized = new("UnauthorizedException", 401, "InternalError");
    public static readonly ServiceError ResourceNotFound = new("ResourceNotFoundException", 404, "ResourceNotFound");
    public static readonly ServiceError MethodNotAllowed = new("MethodNotAllowedException", 405, "InternalError");
    public static readonly ServiceError ResourceAlreadyExists = new("ResourceAlreadyExistsException", 409, "InternalError");
    public static readonly ServiceError Conflict = new("ConflictException", 409, "InternalError");
    public static readonly ServiceError InvalidStateTransition = new("InvalidStateTransitionException", 409, "InvalidStateTransition");
    public static readonly ServiceError LimitExceeded = new("LimitExceededException", 410, "InternalError");
    public static readonly ServiceError TerminalState = new("TerminalStateException", 410, "TerminalStateReached");
    public static readonly ServiceError Throttling = new("ThrottlingException", 400, "RequestThrottled") { DataPlaneStatus = 429 };
    public static readonly ServiceError InternalFailure = new("InternalFailureException", 500, "InternalError");
    public static readonly ServiceError InternalServer = new("InternalServerException", 500, "InternalError");
    public static readonly ServiceError ServiceUnavailable = new("ServiceUnavailableException", 503, "InternalError");
    public static readonly ServiceError CertificateValidation = new("CertificateValidationException", 400, "InternalError");

    /// <summary>MQTT only: what is no JSON object, and a topic of the service that is no operation.</summary>
    public static readonly ServiceError InvalidJson = InvalidRequest with { MqttCode = "InvalidJson" }, InvalidTopic = InvalidRequest with { MqttCode = "InvalidTopic" };

    /// <summary>expectedVersion differs. The data plane's model has no error for it and answers InvalidStateTransition over HTTPS.</summary>
    public static readonly ServiceError VersionConflict = new("VersionConflictException", 409, "VersionMismatch") { DataPlaneName = InvalidStateTransition.Name };

    public int DataPlaneStatus { get; init; } = Status;

    public string DataPlaneName { get; init; } = Name;

    /// <summary>The error with its text, to be thrown where the fact is found.</summary>
    public ServiceException Because(string message) => new(this, message);
}

/// <summary>A refused request. Only the HTTP and MQTT entry points catch it: they answer with an AWS-shaped error or on <c>.../rejected</c>.</summary>
public sealed class ServiceException(ServiceError error, string message) : Exception(message)
{
    public ServiceError Error => error;

    /// <summary>Members of the answer beside the message: <c>resourceId</c>, <c>resourceArn</c>.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = ValueMap.Empty;

    /// <summary>The execution as it stands, which MQTT's rejections of updates carry.</summary>
    public Jobs.JobExecution? Execution { get; init; }
}
