using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>Calls the emulator's own endpoints, under <c>/_emulator</c>.</summary>
internal sealed class EmulatorApi(Uri address, HttpClient http) : IDisposable
{
    /// <summary>How long an answer may take, beside what the call itself waits for.</summary>
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(100);

    /// <summary>The type of the server-sent event that says that events are missing.</summary>
    private const string Missed = "missed";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new DurationConverter(), new EnumConverter() },
    };

    public Task Send(HttpMethod method, string path, object? body = null, TimeSpan waits = default, CancellationToken cancellationToken = default) =>
        Answer(method, path, ContentOf(body), account: null, waits, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <param name="method">The method.</param>
    /// <param name="path">The path under <c>/_emulator</c>, with its query.</param>
    /// <param name="body">The body, if any: content as it is, anything else as JSON.</param>
    /// <param name="account">In whose name, if that matters.</param>
    /// <param name="waits">How long the emulator itself may wait before it answers; infinite for a call without a limit.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<T> Send<T>(
        HttpMethod method, string path, object? body = null, EmulatorAccount? account = null, TimeSpan waits = default, CancellationToken cancellationToken = default) =>
        Answer(method, path, ContentOf(body), account, waits, async (content, cancelled) => (await content.ReadFromJsonAsync<T>(Json, cancelled).ConfigureAwait(false))!, cancellationToken);

    public Task<string> GetText(string path, CancellationToken cancellationToken) =>
        Answer(HttpMethod.Get, path, null, null, default, static (content, cancelled) => content.ReadAsStringAsync(cancelled), cancellationToken);

    /// <summary>Copies an answer, which is not kept in memory, into a stream, without a limit of time.</summary>
    public Task CopyTo(string path, Stream destination, CancellationToken cancellationToken) => Answer(
        HttpMethod.Get, path, null, null, Timeout.InfiniteTimeSpan,
        async (content, cancelled) =>
        {
            await content.CopyToAsync(destination, cancelled).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Reads server-sent events, until the emulator ends them or the caller leaves.</summary>
    /// <param name="path">The path under <c>/_emulator</c>, with its query.</param>
    /// <param name="missed">What is thrown when the emulator says that some are missing.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    public async IAsyncEnumerable<T> Follow<T>(string path, Func<Exception> missed, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        using var request = Request(HttpMethod.Get, path, null);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await SendAndCheck(request, cancellationToken).ConfigureAwait(false);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var parser = SseParser.Create(body, (type, data) => type switch
        {
            SseParser.EventTypeDefault => JsonSerializer.Deserialize<T>(data, Json),
            Missed => throw missed(),
            _ => null,
        });
        await foreach (var next in parser.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (next.Data is { } data)
                yield return data;
        }
    }

    /// <summary>A body that has the members of a type, and none of those that a type derived from it adds.</summary>
    public static HttpContent ContentAs<T>(T body) => JsonContent.Create(body, options: Json);

    /// <summary>A path with its query; parameters that are null are left out.</summary>
    public static string Query(string path, params (string Name, object? Value)[] parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Text(parameter.Value!))}");
        return string.Join('?', new[] { path, string.Join('&', given) }.Where(part => part.Length > 0));
    }

    /// <summary>A name as a part of a path.</summary>
    public static string Segment(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // A name of dots alone would be taken for a step up.
        return name.Trim('.').Length == 0 ? throw new ArgumentException($"'{name}' is no name.", nameof(name)) : Uri.EscapeDataString(name);
    }

    public void Dispose() => http.Dispose();

    private static string Text(object value) => value switch
    {
        TimeSpan duration => DurationConverter.Text(duration),
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static HttpContent? ContentOf(object? body) => body switch
    {
        null => null,
        HttpContent content => content,
        _ => JsonContent.Create(body, body.GetType(), options: Json),
    };

    private HttpRequestMessage Request(HttpMethod method, string path, EmulatorAccount? account)
    {
        var request = new HttpRequestMessage(method, new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/_emulator/{path}"));
        if (account is not null)
            request.Headers.TryAddWithoutValidation("Authorization", account.Authorization("iot"));
        return request;
    }

    private async Task<T> Answer<T>(
        HttpMethod method, string path, HttpContent? body, EmulatorAccount? account, TimeSpan waits, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var request = Request(method, path, account);
        request.Content = body;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (waits != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(UsualLimit + waits);
        try
        {
            using var response = await SendAndCheck(request, limit.Token).ConfigureAwait(false);
            return await read(response.Content, limit.Token).ConfigureAwait(false);
        }
        catch (HttpIOException exception)
        {
            throw new EmulatorException($"The emulator at {address} has broken off its answer to {method} /_emulator/{path}: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The emulator at {address} has not answered {method} /_emulator/{path} in time.", exception);
        }
    }

    /// <summary>The answer, of which the head was read, unless it is a refusal.</summary>
    private async Task<HttpResponseMessage> SendAndCheck(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new EmulatorException($"The emulator at {address} cannot be reached: {exception.Message}", exception);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await Refusal(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<EmulatorException> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var code = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.First() : null;
        var status = (int)response.StatusCode;
        var members = MembersOf(body);
        var message = members.GetValueOrDefault("message", body); // all of it from something else that listens there
        return new(string.Create(CultureInfo.InvariantCulture, $"{code ?? "The emulator"} ({status}): {message}"))
        {
            StatusCode = status,
            ErrorCode = code,
            SeedCall = SeedCallOf(members),
        };
    }

    private static RefusedSeedCall? SeedCallOf(Dictionary<string, string> members)
    {
        return members.TryGetValue("operation", out var operation) && members.TryGetValue("error", out var error) && Number("call") is { } call
            ? new(call, Number("n"), operation, error)
            : null;

        int? Number(string name) => members.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The members of an error, which are all texts.</summary>
    private static Dictionary<string, string> MembersOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(member => member.Name, member => member.Value.GetString()!);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
