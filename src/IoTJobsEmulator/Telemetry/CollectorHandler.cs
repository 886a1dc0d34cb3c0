using System.Net;

namespace IoTJobsEmulator.Telemetry;

/// <summary>Sends to a collector. One line of the log says when it does not answer or refuses, and the next only after it has answered again.</summary>
internal sealed partial class CollectorHandler(CollectorHandler.State collector) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Noted(base.Send(request, cancellationToken));
        }
        catch (Exception failure)
        {
            collector.Failed(failure.Message);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Noted(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception failure)
        {
            collector.Failed(failure.Message);
            throw;
        }
    }

    private HttpResponseMessage Noted(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            collector.Answered();
        else
            collector.Failed($"it answers {(int)answer.StatusCode}");
        return answer;
    }

    /// <summary>What is known of a collector, for all that is sent to it.</summary>
    internal sealed class State(string target, ILogger log)
    {
        private bool _fails;

        public void Answered() => Volatile.Write(ref _fails, false);

        public void Failed(string reason)
        {
            if (!Interlocked.Exchange(ref _fails, true))
                LogFailed(log, target, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Metrics and traces cannot be sent to {Target}, and are dropped until they can: {Reason}")]
    private static partial void LogFailed(ILogger log, string target, string reason);
}
