using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace IoTJobsEmulator.Tests;

/// <summary>
/// The whole emulator in process: its own routes, a database file of its own, a clock that the test turns. Ids are counted, and
/// what is due is done after each request, as a running emulator would. Whatever it warns of fails the test: an operation that
/// answers an error which it does not declare, a fault inside.
/// </summary>
internal sealed class Emulator : IDisposable, IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly (string Name, string Value)[] _settings;
    private readonly Warnings _warnings = new();
    private readonly Lazy<EmulatorHost> _host;
    private int _ids;
    private int _events;
    private bool _isDisposed, _isRestarted;

    /// <param name="settings">As on the command line, without the dashes; names that begin with OTEL_ are variables of the environment.</param>
    public Emulator(params (string Name, string Value)[] settings) => (_settings, _folder, Time, _host) = (settings, new(), new(), new(Start));

    private Emulator(Emulator ended) => (_settings, _folder, Time, _ids, _host) = (ended._settings, ended._folder, ended.Time, ended._ids, new(Start));

    /// <summary>Its services. It starts when they are first asked for.</summary>
    public IServiceProvider Services => _host.Value.Services;

    public TestServer Server => (TestServer)Services.GetRequiredService<IServer>();

    public ManualTime Time { get; }

    public TurnGate Turns => Services.GetRequiredService<TurnGate>();

    /// <summary>Its database file.</summary>
    public Folder Files => _folder;

    /// <summary>What went wrong inside so far.</summary>
    public IReadOnlyCollection<string> Warned => _warnings.Lines;

    /// <summary>What went wrong, where that was expected.</summary>
    public string[] TakeWarnings()
    {
        string[] taken = [.. _warnings.Lines];
        _warnings.Lines.Clear();
        return taken;
    }

    public HttpClient CreateClient() => Server.CreateClient();

    /// <summary>Sends a request as it is written: the path is not touched, the body is text.</summary>
    public Task<Answer> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendBytes(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public async Task<Answer> SendBytes(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var context = await Server.SendAsync(context =>
        {
            var request = context.Request;
            var query = path.IndexOf('?', StringComparison.Ordinal);
            (request.Method, request.Scheme, request.Host) = (method, "http", new("localhost", 8080));
            request.Path = PathString.FromUriComponent(query < 0 ? path : path[..query]);
            request.QueryString = new(query < 0 ? "" : path[query..]);
            if (body is not null)
                (request.Body, request.ContentLength, request.ContentType) = (new MemoryStream(body), body.Length, "application/json");
            foreach (var (name, value) in headers)
                request.Headers[name] = value;
        });
        using var content = new MemoryStream();
        await context.Response.Body.CopyToAsync(content);
        var answer = new Answer(
            context.Response.StatusCode,
            (string?)context.Response.Headers["x-amzn-ErrorType"],
            content.ToArray(),
            context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        await RunDueWork();
        return answer;
    }

    /// <summary>Time passes, and what falls due on the way is done at its own moment.</summary>
    public ValueTask Advance(TimeSpan by) => Services.GetRequiredService<ClockControl>().Advance(by, CancellationToken.None);

    /// <summary>What is due is done.</summary>
    public ValueTask RunDueWork() => Services.GetRequiredService<DueWorkRunner>().RunAll();

    /// <summary>Closes its ports and connections. Its turns go on until it is disposed of.</summary>
    public Task Stop() => _host.Value.StopAsync();

    /// <summary>
    /// Ends this emulator, and starts another on its database file some time later. What fell due meanwhile is done late.
    /// </summary>
    public async Task<Emulator> Restart(TimeSpan downtime = default)
    {
        _isRestarted = true;
        await DisposeAsync();
        Time.Pass(downtime);
        var restarted = new Emulator(this);
        await restarted.RunDueWork();
        return restarted;
    }

    public async Task CreateThing(string thingName) => Assert.Equal(200, (await Send("POST", $"/things/{thingName}")).Status);

    /// <summary>Creates a job with one thing as its target.</summary>
    public async Task CreateJob(string jobId, string thing) => Assert.Equal(200, (await Send("PUT", $"/jobs/{jobId}",
        $$"""{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/{{thing}}"], "document": "{}"}""")).Status);

    /// <summary>The header of a signed request. Nobody checks the signature.</summary>
    public static (string Name, string Value) Signed(string service, string region = "us-east-1", string accessKeyId = "AKIDEXAMPLE") => ("Authorization",
        $"AWS4-HMAC-SHA256 Credential={accessKeyId}/20260101/{region}/{service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef");

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (_host.IsValueCreated)
            await _host.Value.DisposeAsync();
        if (!_isRestarted)
            _folder.Dispose();
        _warnings.Dispose();
        Assert.Empty(_warnings.Lines);
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    private EmulatorHost Start()
    {
        (string Name, string Value)[] own = [("database", _folder.Database), ("tls-folder", _folder["tls"]), ("log-level", "warning")];
        var environment = new Hashtable();
        foreach (var (name, value) in _settings.Where(setting => IsOfOpenTelemetry(setting.Name)))
            environment[name] = value;
        var settings = own.Concat(_settings).Where(setting => !IsOfOpenTelemetry(setting.Name));
        var options = EmulatorOptions.Read(settings.Select(setting => $"--{setting.Name}={setting.Value}"), environment);
        var host = EmulatorHost.Build(options, Stream.Null, Configure);
        Task.Run(() => host.StartAsync()).GetAwaiter().GetResult();
        return host;
    }

    private static bool IsOfOpenTelemetry(string name) => name.StartsWith("OTEL_", StringComparison.Ordinal);

    /// <summary>Replaces the sockets, the clock, chance and the log.</summary>
    private void Configure(WebApplicationBuilder builder)
    {
        builder.WebHost.UseTestServer();
        var services = builder.Services;
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        services.Replace(ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<TurnGate>(provider, new World(NextId)
        {
            Settings = provider.GetRequiredService<EmulatorOptions>().Service,
        })));
        services.AddSingleton<Func<Guid>>(NextEventId);
        services.Remove(services.Single(service => service.ImplementationType == typeof(LifecycleService)));
        services.AddLogging(logging => logging.ClearProviders().AddProvider(_warnings));
    }

    /// <summary>The ids of events are counted apart, so that they do not shift those of things.</summary>
    private Guid NextEventId() => new(1, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, (byte)Interlocked.Increment(ref _events)]);

    private Guid NextId() => new(0, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, (byte)++_ids]);

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>What the emulator answered.</summary>
internal sealed record Answer(int Status, string? ErrorType, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string Body { get; } = Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Message => (string?)Json["message"];

    /// <summary>What is compared most: how it ended, and why.</summary>
    public (int Status, string? ErrorType, string? Message) Refusal => (Status, ErrorType, Message);
}
