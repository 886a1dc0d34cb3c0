using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// Selects the API of a request before routing, because paths of iot and iot-jobs-data overlap: the routes of iot-jobs-data have
/// <see cref="IotJobsDataPrefix"/>. The prefix in the path selects it, else the service that the signature names. A request that is not
/// signed is for iot-jobs-data by its host name, its User-Agent or a parameter that only iot-jobs-data has, and on a path that both APIs have
/// by a TLS client certificate, which devices show. Any other is for iot.
/// </summary>
internal sealed class ApiSelector(RequestDelegate next, EmulatorOptions options)
{
    public const string IotJobsDataPrefix = "/iot-jobs-data";

    /// <summary>Parameters of ListJobExecutionsForThing that GetPendingJobExecutions does not have.</summary>
    private static readonly string[] OnlyIotParameters = ["status", "maxResults", "nextToken", "namespaceId", "jobId"];

    private static readonly string[] IotJobsDataUserAgents = ["api/iot-jobs-data", "command/iot-jobs-data", "command#iot-jobs-data"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var path = WithoutBase(Collapsed(request.Path.Value ?? "/"));
        var isSigned = CredentialScope.TryRead(request, out var scope);
        var api = IsUnder(path, IotJobsDataPrefix) ? Api.IotJobsData
            : isSigned ? SignedApi(scope.Service)
            : IsForIotJobsData(request, path) ? Api.IotJobsData : Api.Iot;
        if (api == Api.IotJobsData && !IsUnder(path, IotJobsDataPrefix) && !IsOfTheEmulator(path))
            path = IotJobsDataPrefix + path;
        request.Path = path;
        context.Features.Set(new AwsRequestContext
        {
            Api = api,
            IsSigned = isSigned,
            Account = isSigned && Arn.IsAccount(scope.AccessKeyId) ? scope.AccessKeyId.ToString() : options.Account,
            Region = isSigned ? Region(scope.Region) : options.Region,
        });
        return next(context);
    }

    private static Api SignedApi(ReadOnlySpan<char> service) => service switch
    {
        "iot-jobs-data" => Api.IotJobsData,
        "iotdata" => Api.IotData,
        _ => Api.Iot,
    };

    private static bool IsForIotJobsData(HttpRequest request, string path)
    {
        var host = request.Host.Host;
        if (host.StartsWith("jobs.iot.", StringComparison.OrdinalIgnoreCase) || host.Contains(".jobs.iot.", StringComparison.OrdinalIgnoreCase))
            return true;
        if (NamesIotJobsData(request.Headers.UserAgent.ToString()) || NamesIotJobsData(request.Headers["x-amz-user-agent"].ToString()))
            return true;
        return IsOfThing(path, out var jobId)
            && (jobId.IsEmpty
                ? ShowsCertificate(request) && !Array.Exists(OnlyIotParameters, request.Query.ContainsKey)
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

    private static bool NamesIotJobsData(string userAgent) =>
        Array.Exists(IotJobsDataUserAgents, name => userAgent.Contains(name, StringComparison.Ordinal));

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

    private static bool IsOfTheEmulator(string path) =>
        path is "/" || IsUnder(path, "/swagger") || path.StartsWith("/_", StringComparison.Ordinal) || IsUnder(path, "/moto-api");

    /// <summary>Saves a new string for each request in the usual region.</summary>
    private string Region(ReadOnlySpan<char> region) => region.SequenceEqual(options.Region) ? options.Region : region.ToString();
}
