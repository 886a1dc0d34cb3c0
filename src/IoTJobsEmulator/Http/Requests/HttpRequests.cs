using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>Requests for operations as they come over HTTP.</summary>
internal static class HttpRequests
{
    public static OperationRequest Begin(this OperationRequests requests, HttpContext context, Operation operation, Tenant tenant) =>
        requests.Begin(Transport.http, tenant, OriginOf(context), LengthOf(context), operation);

    /// <summary>The origin of a request. The query is left out: it may carry a signature.</summary>
    public static RequestOrigin OriginOf(HttpContext context)
    {
        var request = context.Request;
        return new(context.Connection.RemoteIpAddress, request.Headers.UserAgent, request.Method, request.Path.Value ?? "");
    }

    /// <summary>A body of unknown length counts as the longest one.</summary>
    private static long LengthOf(HttpContext context) =>
        context.Request.ContentLength ?? (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true ? RequestBody.MaxBytes : 0);
}
