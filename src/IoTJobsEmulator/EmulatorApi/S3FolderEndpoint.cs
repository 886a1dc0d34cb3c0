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
        app.MapGet(Pattern, Read).ExcludeFromDescription();
        app.MapPut(Pattern, Write).ExcludeFromDescription();
    }

    private Task Read(HttpContext context)
    {
        if (Refusal(context, out var file) is { } refusal)
            return refusal;
        return File.Exists(file)
            ? TypedResults.PhysicalFile(file, "binary/octet-stream", lastModified: File.GetLastWriteTimeUtc(file), enableRangeProcessing: true).ExecuteAsync(context)
            : Refuse(context, StatusCodes.Status404NotFound, "NoSuchKey", "The specified key does not exist.");
    }

    private async Task Write(HttpContext context)
    {
        if (Refusal(context, out var file) is { } refusal)
        {
            await refusal;
            return;
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var written = File.Create(file);
        await context.Request.Body.CopyToAsync(written, context.RequestAborted);
    }

    /// <summary>The error answer when the URL is not valid or has expired; null when the object may be used.</summary>
    private Task? Refusal(HttpContext context, out string file)
    {
        var request = context.Request;
        var target = new S3Object((string)request.RouteValues["bucket"]!, (string?)request.RouteValues["key"] ?? "");
        var isSigned = long.TryParse(request.Query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && documents.Signer("").Allows(request.Method, target, expires, request.Query["signature"].ToString(), new(long.MinValue));
        if (!isSigned)
        {
            file = "";
            return Refuse(context, StatusCodes.Status403Forbidden, "SignatureDoesNotMatch", "The signature does not match the request.");
        }
        if (expires <= clock.Now.Milliseconds)
        {
            file = "";
            return Refuse(context, StatusCodes.Status403Forbidden, "AccessDenied", "Request has expired");
        }
        if (documents.TryLocate(target, out var located))
        {
            file = located;
            return null;
        }
        file = "";
        return Refuse(context, StatusCodes.Status404NotFound, "NoSuchKey", "The specified key does not exist.");
    }

    private static Task Refuse(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync($"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message></Error>
            """);
    }
}
