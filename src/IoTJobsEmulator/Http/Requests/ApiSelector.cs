using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// Selects the API of a request before routing, because paths of iot and iot-jobs-data overlap: the routes of iot-jobs-data have
/// <see cref="IotJobsDataPrefix"/>. The prefix in the path selects it, else the service that the signature names, else the host name when it is
/// that of an endpoint of AWS IoT. Any other request is for iot-jobs-data by its User-Agent or a parameter that only iot-jobs-data has, and on
/// a path that both APIs have by a TLS client certificate, which devices show; else it is for iot.
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
        EndpointHost endpoint = default;
        var statesRegion = isSigned || EndpointHost.TryParse(request.Host.Host, out endpoint);
        var api = IsUnder(path, IotJobsDataPrefix) ? Api.IotJobsData
            : isSigned ? SignedApi(scope.Service)
            : UnsignedApi(request, path, endpoint.Kind);
        if (api == Api.IotJobsData && !IsUnder(path, IotJobsDataPrefix) && !IsOfTheEmulator(path))
            path = IotJobsDataPrefix + path;
        request.Path = path;
        context.Features.Set(new AwsRequestContext
        {
            Api = api,
            StatesRegion = statesRegion,
            Account = isSigned && Arn.IsAccount(scope.AccessKeyId) ? scope.AccessKeyId.ToString() : options.Account,
            Region = statesRegion ? Region(isSigned ? scope.Region : endpoint.Region) : options.Region,
        });
        return next(context);
    }

    private static Api SignedApi(ReadOnlySpan<char> service) => service switch
    {
        "iot-jobs-data" => Api.IotJobsData,
        "iotdata" or "iotdevicegateway" => Api.IotData,
        _ => Api.Iot,
    };

    private static Api UnsignedApi(HttpRequest request, string path, EndpointKind endpoint) => endpoint switch
    {
        EndpointKind.Iot => Api.Iot,
        EndpointKind.IotJobsData => Api.IotJobsData,
        EndpointKind.Devices => ServiceOperations.Find(Api.IotData, request.Method, path) is null ? Api.IotJobsData : Api.IotData,
        _ => IsForIotJobsData(request, path) ? Api.IotJobsData : Api.Iot,
    };

    private static bool IsForIotJobsData(HttpRequest request, string path)
    {
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
        path is "/" or "/mqtt" || IsUnder(path, "/swagger") || path.StartsWith("/_", StringComparison.Ordinal) || IsUnder(path, "/moto-api");

    /// <summary>Saves a new string for each request in the usual region.</summary>
    private string Region(ReadOnlySpan<char> region) => region.SequenceEqual(options.Region) ? options.Region : region.ToString();
}
