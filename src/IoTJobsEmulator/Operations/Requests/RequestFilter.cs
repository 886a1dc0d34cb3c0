using System.Globalization;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>Which requests are wanted. A member that is null wants all.</summary>
internal sealed record RequestFilter
{
    public string? Operation { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary>With * for any characters.</summary>
    public string? Thing { get; init; }

    /// <summary>With * for any characters.</summary>
    public string? JobId { get; init; }

    /// <summary><c>200</c>, <c>4xx</c>, or <c>errors</c>: 400 and more.</summary>
    public string? Status { get; init; }

    public Transport? Transport { get; init; }

    /// <summary>With a higher number.</summary>
    public long? After { get; init; }

    public bool Matches(OperationRequest request) =>
        !(request.Number <= After)
        && (Operation is null || Operation == request.OperationName)
        && (Account is null || Account == request.Tenant.Account)
        && (Region is null || Region == request.Tenant.Region)
        && (Transport is null || Transport == request.Transport)
        && (Status is null || Fits(request.Status))
        && (Thing is null || Wildcards.Fit(Thing, request.ThingName))
        && (JobId is null || Wildcards.Fit(JobId, request.JobId));

    private bool Fits(int? status) => status is { } number && (Status == "errors"
        ? number >= 400
        : Status!.EndsWith("xx", StringComparison.Ordinal)
            ? number / 100 == Status[0] - '0'
            : number.ToString(CultureInfo.InvariantCulture) == Status);
}
