using System.Diagnostics;
using System.Globalization;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// The journal of requests for operations of AWS, over HTTP and MQTT, of all accounts and regions, in the order of their answers. The emulator keeps the
/// last 1000, of 32 MB at most, unless its setting <c>journal-size</c> says otherwise.
/// </summary>
public sealed class RequestsClient
{
    private const string Path = "requests";

    /// <summary>The most that one call lists.</summary>
    private const int MaxCount = 1000;

    /// <summary>How long a call waits at most. The emulator would wait for five minutes.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly EmulatorApi _api;

    internal RequestsClient(EmulatorApi api) => _api = api;

    /// <summary>Lists the requests that match, oldest first.</summary>
    /// <param name="filter">Which; all when null.</param>
    /// <param name="limit">How many at most, from 1 to 1000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IReadOnlyList<JournaledRequest>> ListAsync(RequestFilter? filter = null, int limit = 100, CancellationToken cancellationToken = default) =>
        List(filter, limit, count: null, wait: null, cancellationToken);

    /// <summary>Counts the requests for an operation.</summary>
    /// <param name="operation">Its name, such as <c>UpdateJobExecution</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<int> CountAsync(string operation, CancellationToken cancellationToken = default) =>
        CountAsync(new RequestFilter { Operation = operation }, cancellationToken);

    /// <summary>Counts the requests that match.</summary>
    /// <param name="filter">Which; all when null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<int> CountAsync(RequestFilter? filter = null, CancellationToken cancellationToken = default) =>
        (await _api.Send<Number>(HttpMethod.Get, EmulatorApi.Query(Path + "/count", Parameters(filter)), cancellationToken: cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Waits until there are as many requests for an operation.</summary>
    /// <param name="operation">Its name, such as <c>UpdateJobExecution</c>.</param>
    /// <param name="count">How many, from 1 to 1000.</param>
    /// <param name="timeout">How long at most, on the machine's clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The first so many.</returns>
    /// <exception cref="TimeoutException">There are fewer after that time.</exception>
    public Task<IReadOnlyList<JournaledRequest>> WaitForAsync(string operation, int count, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForAsync(new RequestFilter { Operation = operation }, count, timeout, cancellationToken);

    /// <summary>Waits until there are as many requests that match.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="count">How many, from 1 to 1000.</param>
    /// <param name="timeout">How long at most, on the machine's clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The first so many.</returns>
    /// <exception cref="TimeoutException">There are fewer after that time.</exception>
    public async Task<IReadOnlyList<JournaledRequest>> WaitForAsync(RequestFilter filter, int count, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(began);
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestWait ? LongestWait : left;
            var found = await List(filter, count, count, wait, cancellationToken).ConfigureAwait(false);
            if (found.Count >= count)
                return found;
            if (left <= LongestWait)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"After {timeout} there are {found.Count} requests and not {count} for {filter}."));
        }
    }

    /// <summary>Forgets the requests. The next one goes on counting.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ClearAsync(CancellationToken cancellationToken = default) => _api.Send(HttpMethod.Delete, Path, cancellationToken: cancellationToken);

    private async Task<IReadOnlyList<JournaledRequest>> List(RequestFilter? filter, int limit, int? count, TimeSpan? wait, CancellationToken cancellationToken) =>
        (await _api.Send<RequestList>(
            HttpMethod.Get,
            EmulatorApi.Query(Path, [.. Parameters(filter), ("limit", limit), ("count", count), ("wait", wait), ("include", "output")]),
            waits: wait ?? default,
            cancellationToken: cancellationToken).ConfigureAwait(false)).Requests;

    private static (string, object?)[] Parameters(RequestFilter? filter) => filter is null
        ? []
        :
        [
            ("operation", filter.Operation), ("account", filter.Account), ("region", filter.Region), ("thing", filter.Thing), ("jobId", filter.JobId),
            ("status", filter.Status), ("transport", filter.Transport), ("after", filter.After),
        ];

    private sealed record RequestList(IReadOnlyList<JournaledRequest> Requests);

    private sealed record Number(int Count);
}
