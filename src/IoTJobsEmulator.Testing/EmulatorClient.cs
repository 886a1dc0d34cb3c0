using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// The emulator's own API, which AWS does not have: clock, faults, journal of requests, events, messages, seeds, snapshots, simulated devices. It is
/// for an emulator in any place: a container, a process, or the test's own process (<see cref="JobsEmulator"/>). All members may be used by several
/// threads at once.
/// </summary>
/// <remarks>
/// Calls throw an <see cref="EmulatorException"/> when the emulator refuses them or cannot be reached, and a <see cref="TimeoutException"/> when it
/// has not answered in 100 seconds, beside what a call itself waits for. The clock, settings, faults, requests, snapshots, the state and the reset concern all
/// accounts and regions.
/// </remarks>
public class EmulatorClient : IAsyncDisposable
{
    private const int AccountDigits = 12;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly EmulatorApi _api;

    /// <summary>A client of the emulator at an address.</summary>
    /// <param name="address">Where it listens, such as <c>http://localhost:8080</c>; with its base path if it has one. No proxy is used.</param>
    public EmulatorClient(Uri address)
        : this(address, new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan })
    {
    }

    /// <summary>A client of the emulator at an address that uses an HTTP client of the caller's, which trusts its CA for one.</summary>
    /// <param name="address">Where it listens; with its base path if it has one.</param>
    /// <param name="http">Sends the requests, within its own timeout. It is disposed of with the client.</param>
    public EmulatorClient(Uri address, HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(http);
        ServiceUrl = new(address.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        _api = new(ServiceUrl, http);
        (Clock, Faults, Requests, Settings) = (new(_api), new(_api), new(_api), new(_api));
        (Events, Messages, Connections) = (new(_api), new(_api), new(_api));
        (Seed, Snapshots, State, Simulators) = (new(_api), new(_api), new(_api), new(_api));
    }

    /// <summary>The endpoint of the control plane, <c>iot</c>; the SDKs may use it for <c>iot-jobs-data</c> and <c>iot-data</c>, too.</summary>
    public Uri ServiceUrl { get; }

    /// <summary>The endpoint of the data plane, <c>iot-jobs-data</c>, also for requests that are not signed.</summary>
    public Uri DataPlaneUrl => new(ServiceUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/iot-jobs-data");

    /// <summary>The emulator's clock.</summary>
    public ClockClient Clock { get; }

    /// <summary>What is to go wrong.</summary>
    public FaultsClient Faults { get; }

    /// <summary>The journal of requests: what was asked, over HTTP and MQTT.</summary>
    public RequestsClient Requests { get; }

    /// <summary>What was published over MQTT.</summary>
    public MessagesClient Messages { get; }

    /// <summary>The clients that are connected over MQTT.</summary>
    public ConnectionsClient Connections { get; }

    /// <summary>What changes: jobs, executions, things, connections.</summary>
    public EventsClient Events { get; }

    /// <summary>Many calls in one request, from a text or a file.</summary>
    public SeedClient Seed { get; }

    /// <summary>Settings that can change while the emulator runs.</summary>
    public SettingsClient Settings { get; }

    /// <summary>Devices that the emulator plays.</summary>
    public SimulatorsClient Simulators { get; }

    /// <summary>States in the emulator's memory, to go back to.</summary>
    public SnapshotsClient Snapshots { get; }

    /// <summary>The whole state as a file.</summary>
    public StateClient State { get; }

    /// <summary>
    /// Makes everything as it was at the start, in all accounts and regions: no jobs, things, faults or requests, the machine's time, the first
    /// settings. Tests that run side by side take a <see cref="NewAccount"/> each instead.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ResetAsync(CancellationToken cancellationToken = default) => _api.Send(HttpMethod.Post, "reset", cancellationToken: cancellationToken);

    /// <summary>
    /// Makes everything as it was at the start, as <see cref="ResetAsync"/> does, and the world begin again with the seed of the emulator's setting
    /// <c>seed</c>, whose files are read anew.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EmulatorException">It has no seed, or the files cannot be read, and nothing is reset; or a call of it is refused, and the world is empty.</exception>
    public Task ResetAndSeedAsync(CancellationToken cancellationToken = default) =>
        _api.Send(HttpMethod.Post, "reset?seed=true", waits: Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);

    /// <summary>Waits until the emulator answers requests, such as one in a container that was just started.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">It has not answered in time.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(timeout);
        using var tries = new PeriodicTimer(BetweenTries);
        var last = "";
        try
        {
            while (true)
            {
                try
                {
                    await CheckReadyAsync(end.Token).ConfigureAwait(false);
                    return;
                }
                catch (EmulatorException exception)
                {
                    last = exception.Message;
                }
                await tries.WaitForNextTickAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The emulator at {ServiceUrl} is not ready after {timeout}. {last}".TrimEnd());
        }
    }

    /// <summary>Asks once whether the emulator answers requests.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EmulatorException">It does not, or cannot be reached.</exception>
    internal Task CheckReadyAsync(CancellationToken cancellationToken) => _api.Send(HttpMethod.Get, "ready", cancellationToken: cancellationToken);

    /// <summary>The certificate that clients of the emulator's ports with TLS are to trust, without its key.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<X509Certificate2> GetCaCertificateAsync(CancellationToken cancellationToken = default) =>
        X509Certificate2.CreateFromPem(await _api.GetText("ca.pem", cancellationToken).ConfigureAwait(false));

    /// <summary>An account of its own for a test: its id is drawn by chance, and nothing is in it.</summary>
    /// <param name="region">The region.</param>
#pragma warning disable CA1822 // a member of the emulator that it is for, where callers look for it
    public EmulatorAccount NewAccount(string region = "us-east-1") =>
        new(RandomNumberGenerator.GetString("123456789", 1) + RandomNumberGenerator.GetString("0123456789", AccountDigits - 1), region);
#pragma warning restore CA1822

    /// <summary>An HTTP client whose requests belong to an account and region, for tests that call the API without an SDK.</summary>
    /// <param name="account">The account and region.</param>
    /// <param name="service">The API as its SDK signs for it: <c>iot</c>, <c>iot-jobs-data</c> or <c>iotdata</c>.</param>
    /// <returns>A client with <see cref="ServiceUrl"/> as its base address. The caller disposes of it.</returns>
    public HttpClient CreateHttpClient(EmulatorAccount account, string service = "iot")
    {
        ArgumentNullException.ThrowIfNull(account);
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(ServiceUrl.AbsoluteUri.TrimEnd('/') + "/") };
        client.DefaultRequestHeaders.TryAddWithoutValidation(nameof(HttpRequestHeader.Authorization), account.Authorization(service));
        return client;
    }

    /// <summary>Closes the client's connections. An emulator in another process goes on.</summary>
    public virtual ValueTask DisposeAsync()
    {
        _api.Dispose();
        GC.SuppressFinalize(this);
        return default;
    }
}
