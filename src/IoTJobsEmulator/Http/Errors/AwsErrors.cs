using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http.Access;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http.Errors;

/// <summary>
/// Turns exceptions into the error answers of AWS: the status, <c>x-amzn-ErrorType</c>, <c>{"message": ...}</c>. Nothing else on HTTP
/// catches them. Also answers requests that match no route.
/// </summary>
internal sealed partial class AwsErrors(RequestDelegate next, ILogger<AwsErrors> log)
{
    private const string CannotBeRead = "Request cannot be read to its end";

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["x-amzn-RequestId"] = RequestId.Next();
        try
        {
            await next(context);
            if (!context.Response.HasStarted && HasNoRoute(context))
                await Write(context, NoRoute(context));
        }
        catch (AnswerLostException)
        {
            AskedOf(context)?.Lost();
            context.Abort();
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            AskedOf(context)?.Lost(); // the client has disconnected
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await Write(context, Failure(context, fault));
        }
    }

    private Answer Failure(HttpContext context, Exception fault)
    {
        switch (fault)
        {
            case ServiceException refusal:
                var api = ApiOf(context);
                return new(api.StatusOf(refusal.Error), api.NameOf(refusal.Error), refusal.Message, refusal.Members);
            case CallerRefusedException refused:
                return new(StatusCodes.Status403Forbidden, "AccessDeniedException", refused.Message);
            case RequestBodyTooLongException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new(StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLargeException", RequestBodyTooLongException.Text);
            case BadHttpRequestException { StatusCode: var status }:
                return new(status, ServiceError.InvalidRequest.Name, CannotBeRead);
            case IOException { InnerException: OverflowException }: // Kestrel, of a chunk with more digits in its size than a number can have
                return new(StatusCodes.Status400BadRequest, ServiceError.InvalidRequest.Name, CannotBeRead);
            default:
                LogFault(log, fault, context.Request.Method, context.Request.Path);
                return new(ServiceError.InternalFailure.Status, ServiceError.InternalFailure.Name, "Internal failure of the emulator; its log says more");
        }
    }

    /// <summary>The API of the operation that the request was routed to, else the one that the request is for.</summary>
    private static Api ApiOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Api ?? context.Features.Get<AwsRequestContext>()?.Api ?? Api.Iot;

    private static OperationRequest? AskedOf(HttpContext context) => context.Features.Get<AwsRequestContext>()?.Asked;

    private static bool HasNoRoute(HttpContext context) =>
        context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed && context.Response.ContentType is null;

    private static Answer NoRoute(HttpContext context)
    {
        if (context.Features.Get<AwsRequestContext>() is { } request && MissingOperation(request.Api, context.Request) is { } name)
        {
            request.Operation = name;
            request.Asked = context.RequestServices.GetRequiredService<OperationRequests>().BeginMissing(name, new(request.Account, request.Region), HttpRequests.OriginOf(context));
            return new(StatusCodes.Status501NotImplemented, "NotImplementedException",
                $"{name} is an operation of AWS IoT that this emulator does not have. It has Jobs, and what job targets need of the registry.");
        }
        var asked = $"{context.Request.Method} {context.Request.Path}";
        return context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? new(ServiceError.MethodNotAllowed.Status, ServiceError.MethodNotAllowed.Name, $"{asked} is not an operation of this emulator, which knows this path with {context.Response.Headers.Allow}")
            : new(StatusCodes.Status404NotFound, "UnknownOperationException", $"{asked} is not an operation of this emulator");
    }

    /// <summary>
    /// The operation of AWS that a request without a route is for. The paths of iot and iot-data differ, so that one that is not signed, or for
    /// the other of the two, is found, too.
    /// </summary>
    private static string? MissingOperation(Api api, HttpRequest request)
    {
        var path = request.Path.Value!;
        return api == Api.IotJobsData
            ? ServiceOperations.Find(api, request.Method, path.StartsWith(ApiSelector.IotJobsDataPrefix, StringComparison.Ordinal) ? path[ApiSelector.IotJobsDataPrefix.Length..] : path)
            : ServiceOperations.Find(Api.Iot, request.Method, path) ?? ServiceOperations.Find(Api.IotData, request.Method, path);
    }

    private static Task Write(HttpContext context, Answer answer)
    {
        var body = new JsonObject { ["message"] = answer.Message };
        foreach (var (name, value) in answer.Members ?? ValueMap.Empty)
            body[name] = value;
        var json = WireJson.Bytes(body);
        AskedOf(context)?.Answered(answer.Status, answer.Name, json);
        context.Response.StatusCode = answer.Status;
        context.Response.Headers["x-amzn-ErrorType"] = answer.Name;
        context.Response.ContentType = WireJson.ContentType;
        context.Response.ContentLength = json.Length;
        return context.Request.Method == HttpMethods.Head ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(json).AsTask();
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: this is a bug in the emulator")]
    private static partial void LogFault(ILogger log, Exception fault, string method, string path);

    private sealed record Answer(int Status, string Name, string Message, IReadOnlyDictionary<string, string>? Members = null);
}
