using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Http;

/// <summary>
/// Tells the two services apart, whose paths overlap, before routing: the data plane's routes lie under <see cref="Prefix"/>.
/// A path with the prefix names it; else the service in the signature does; what is not signed is told by the host name, the
/// client's name or what only one plane has, and on a path that both have by a TLS client certificate, which devices show. Else it is
/// the control plane.
/// </summary>
internal sealed class Planes(RequestDelegate next, EmulatorOptions options)
{
    public const string Prefix = "/iot-jobs-data";

    private const string SigningName = "iot-jobs-data";

    /// <summary>What ListJobExecutionsForThing has, and the device's list has not.</summary>
    private static readonly string[] OnlyOperatorsAskBy = ["status", "maxResults", "nextToken", "namespaceId", "jobId"];

    private static readonly string[] ClientsNames = ["api/iot-jobs-data", "command/iot-jobs-data", "command#iot-jobs-data"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var path = WithoutBase(Collapsed(request.Path.Value ?? "/"));
        var isSigned = CredentialScope.TryRead(request, out var scope);
        var plane = IsUnder(path, Prefix) ? Plane.Data
            : isSigned ? scope.Service.SequenceEqual(SigningName) ? Plane.Data : Plane.Control
            : IsData(request, path) ? Plane.Data : Plane.Control;
        if (plane == Plane.Data && !IsUnder(path, Prefix) && !IsEmulators(path))
            path = Prefix + path;
        request.Path = path;
        context.Features.Set(new Caller
        {
            Plane = plane,
            IsSigned = isSigned,
            Account = isSigned && Arn.IsAccount(scope.AccessKeyId) ? scope.AccessKeyId.ToString() : options.Account,
            Region = isSigned ? Region(scope.Region) : options.Region,
        });
        return next(context);
    }

    private static bool IsData(HttpRequest request, string path)
    {
        var host = request.Host.Host;
        if (host.StartsWith("jobs.iot.", StringComparison.OrdinalIgnoreCase) || host.Contains(".jobs.iot.", StringComparison.OrdinalIgnoreCase))
            return true;
        if (NamesDataPlane(request.Headers.UserAgent.ToString()) || NamesDataPlane(request.Headers["x-amz-user-agent"].ToString()))
            return true;
        return IsOfThing(path, out var jobId)
            && (jobId.IsEmpty
                ? ShowsCertificate(request) && !Array.Exists(OnlyOperatorsAskBy, request.Query.ContainsKey)
                : jobId.SequenceEqual("$next") || HttpMethods.IsPost(request.Method) || request.Query.ContainsKey("includeJobDocument") || ShowsCertificate(request));
    }

    /// <summary>Whether a path is <c>/things/THING/jobs</c> or <c>/things/THING/jobs/JOB</c>.</summary>
    private static bool IsOfThing(ReadOnlySpan<char> path, out ReadOnlySpan<char> jobId)
    {
        Span<Range> levels = stackalloc Range[5];
        var count = path.Split(levels, '/', StringSplitOptions.RemoveEmptyEntries);
        jobId = count == 4 ? path[levels[3]] : default;
        return count is 3 or 4 && path[levels[0]].SequenceEqual("things") && path[levels[2]].SequenceEqual("jobs");
    }

    private static bool ShowsCertificate(HttpRequest request) => request.HttpContext.Connection.ClientCertificate is not null;

    private static bool NamesDataPlane(string userAgent) =>
        Array.Exists(ClientsNames, name => userAgent.Contains(name, StringComparison.Ordinal));

    /// <summary>Some clients write a second slash behind a base path that ends in one.</summary>
    private static string Collapsed(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    private string WithoutBase(string path) =>
        options.BasePath.Length > 0 && IsUnder(path, options.BasePath) ? path.Length == options.BasePath.Length ? "/" : path[options.BasePath.Length..] : path;

    private static bool IsUnder(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    private static bool IsEmulators(string path) =>
        path is "/" || IsUnder(path, "/swagger") || path.StartsWith("/_", StringComparison.Ordinal) || IsUnder(path, "/moto-api");

    /// <summary>The usual region is not written anew for each request.</summary>
    private string Region(ReadOnlySpan<char> region) => region.SequenceEqual(options.Region) ? options.Region : region.ToString();
}
