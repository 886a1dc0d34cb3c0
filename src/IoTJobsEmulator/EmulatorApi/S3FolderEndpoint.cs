using System.Globalization;
using System.Security;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Http.Features;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// Serves the S3 objects in the local folder for presigned URLs: reads them, whole or in ranges, and writes them, until the URL expires on the
/// emulator's clock. Errors have S3's form.
/// </summary>
internal sealed class S3FolderEndpoint(FolderDocuments documents, EmulatorClock clock)
{
    private const string Pattern = FolderUrlSigner.Path + "{bucket}/{**key}";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Pattern, context => Answer(context, Read)).ExcludeFromDescription();
        app.MapPut(Pattern, context => Answer(context, Write)).ExcludeFromDescription();
    }

    private async Task Answer(HttpContext context, Func<HttpContext, S3Object, Task> operation)
    {
        try
        {
            await operation(context, Allowed(context.Request));
        }
        catch (S3Exception refusal) when (!context.Response.HasStarted)
        {
            await Refuse(context, refusal.Error);
        }
        catch (BadHttpRequestException) when (!context.Response.HasStarted)
        {
            await Refuse(context, S3Error.IncompleteBody);
        }
    }

    private Task Read(HttpContext context, S3Object target) => documents.Open(target) is var (content, lastModified)
        ? TypedResults.Stream(content, "binary/octet-stream", lastModified: lastModified, enableRangeProcessing: true).ExecuteAsync(context)
        : throw new S3Exception(S3Error.NoSuchKey);

    private Task Write(HttpContext context, S3Object target)
    {
        if (context.Request.ContentLength > FolderDocuments.MaxObjectBytes)
            throw new S3Exception(S3Error.EntityTooLarge);
        // The limit of the other operations is lower. The folder has its own.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return documents.Write(target, context.Request.Body, context.RequestAborted);
    }

    /// <summary>The object that the URL allows this method for.</summary>
    /// <exception cref="S3Exception">The URL is not valid or has expired.</exception>
    private S3Object Allowed(HttpRequest request)
    {
        var target = new S3Object((string)request.RouteValues["bucket"]!, (string?)request.RouteValues["key"] ?? "");
        if (!long.TryParse(request.Query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !documents.Signer("").Allows(request.Method, target, expires, request.Query["signature"].ToString(), new(long.MinValue)))
            throw new S3Exception(S3Error.SignatureDoesNotMatch);
        return expires > clock.Now.Milliseconds ? target : throw new S3Exception(S3Error.Expired);
    }

    private static Task Refuse(HttpContext context, S3Error error)
    {
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>{error.Code}</Code><Message>{SecurityElement.Escape(error.Message)}</Message></Error>
            """);
    }
}
