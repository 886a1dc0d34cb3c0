using System.Net;
using System.Text;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.WebConsole;
using Microsoft.AspNetCore.Http.Features;

namespace IoTJobsEmulator.ConsoleHost;

/// <summary>
/// Sends requests of the console through the emulator's own pipeline, without a socket: they are bound, checked, struck by faults and kept in the
/// journal as those of any client. The log has no line for them.
/// </summary>
internal sealed class InProcessApi(IServiceScopeFactory scopes)
{
    private const string UserAgent = "iot-jobs-console";

    private readonly TaskCompletionSource<RequestDelegate> _pipeline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _arrived;

    /// <summary>How many requests have come to this place of the pipeline from outside, but for those that only ask whether the emulator is there.</summary>
    public long Arrived => Interlocked.Read(ref _arrived);

    /// <summary>Remembers what comes after this place of the pipeline.</summary>
    public RequestDelegate Remember(RequestDelegate next)
    {
        _pipeline.SetResult(next);
        return context =>
        {
            if (!HealthChecks.Contain(context.Request))
                Interlocked.Increment(ref _arrived);
            return next(context);
        };
    }

    /// <summary>Sends a request. It may be sent before the emulator has started, and goes off once there is a pipeline, which is before the ports are open.</summary>
    public async Task<ApiAnswer> Send(ApiRequest request, CancellationToken aborted)
    {
        var pipeline = await _pipeline.Task.WaitAsync(aborted);
        await using var scope = scopes.CreateAsyncScope();
        using var lifetime = new Lifetime(aborted);
        var body = new MemoryStream();
        var context = Context(request, scope.ServiceProvider, lifetime, body);
        await pipeline(context);
        aborted.ThrowIfCancellationRequested();
        if (lifetime.IsAborted)
            return ApiAnswer.Lost;
        await context.Response.CompleteAsync();
        return new(context.Response.StatusCode, (string?)context.Response.Headers["x-amzn-ErrorType"], Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
    }

    private static DefaultHttpContext Context(ApiRequest request, IServiceProvider services, Lifetime lifetime, MemoryStream body)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        var (path, query) = request.Path.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0
            ? (request.Path[..mark], request.Path[mark..])
            : (request.Path, "");
        var asked = context.Request;
        (asked.Method, asked.Scheme, asked.Protocol) = (request.Method, Uri.UriSchemeHttp, "HTTP/1.1");
        (asked.Path, asked.QueryString) = (PathString.FromUriComponent(path), new(query));
        asked.Headers.UserAgent = UserAgent;
        asked.Headers.Authorization = request.Authorization;
        if (request.Body is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            (asked.Body, asked.ContentLength, asked.ContentType) = (new MemoryStream(bytes), bytes.Length, "application/json");
        }
        return context;
    }

    /// <summary>Ends the request when its caller goes, or when a fault ends it.</summary>
    private sealed class Lifetime(CancellationToken caller) : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _aborted = CancellationTokenSource.CreateLinkedTokenSource(caller);

        public bool IsAborted => _aborted.IsCancellationRequested;

        public CancellationToken RequestAborted
        {
            get => _aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => _aborted.Cancel();

        public void Dispose() => _aborted.Dispose();
    }
}
