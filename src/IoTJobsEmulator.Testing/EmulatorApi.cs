using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>Calls the emulator's own endpoints, under <c>/_emulator</c>.</summary>
internal sealed class EmulatorApi(Uri address, HttpClient http) : IDisposable
{
    /// <summary>How long an answer may take, beside what the call itself waits for.</summary>
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(100);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new DurationConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public Task Send(HttpMethod method, string path, object? body = null, TimeSpan waits = default, CancellationToken cancellationToken = default) =>
        Answer(method, path, body, account: null, waits, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <param name="method">The method.</param>
    /// <param name="path">The path under <c>/_emulator</c>, with its query.</param>
    /// <param name="body">The body, if any.</param>
    /// <param name="account">In whose name, if that matters.</param>
    /// <param name="waits">How long the emulator itself may wait before it answers; infinite for a call without a limit.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<T> Send<T>(
        HttpMethod method, string path, object? body = null, EmulatorAccount? account = null, TimeSpan waits = default, CancellationToken cancellationToken = default) =>
        Answer(method, path, body, account, waits, async (content, cancelled) => (await content.ReadFromJsonAsync<T>(Json, cancelled).ConfigureAwait(false))!, cancellationToken);

    public Task<string> GetText(string path, CancellationToken cancellationToken) =>
        Answer(HttpMethod.Get, path, null, null, default, static (content, cancelled) => content.ReadAsStringAsync(cancelled), cancellationToken);

    /// <summary>A path with its query; parameters that are null are left out.</summary>
    public static string Query(string path, params (string Name, object? Value)[] parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(Text(parameter.Value!))}");
        return string.Join('?', new[] { path, string.Join('&', given) }.Where(part => part.Length > 0));
    }

    public void Dispose() => http.Dispose();

    private static string Text(object value) => value switch
    {
        TimeSpan duration => DurationConverter.Text(duration),
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private async Task<T> Answer<T>(
        HttpMethod method, string path, object? body, EmulatorAccount? account, TimeSpan waits, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/_emulator/{path}"));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        if (account is not null)
            request.Headers.TryAddWithoutValidation("Authorization", account.Authorization("iot"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (waits != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(UsualLimit + waits);
        try
        {
            using var response = await http.SendAsync(request, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await read(response.Content, limit.Token).ConfigureAwait(false)
                : throw await Refusal(response, limit.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new EmulatorException($"The emulator at {address} cannot be reached: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The emulator at {address} has not answered {method} /_emulator/{path} in time.", exception);
        }
    }

    private static async Task<EmulatorException> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var code = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.First() : null;
        var status = (int)response.StatusCode;
        return new(string.Create(CultureInfo.InvariantCulture, $"{code ?? "The emulator"} ({status}): {MessageIn(body)}")) { StatusCode = status, ErrorCode = code };
    }

    private static string MessageIn(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("message").GetString() ?? body;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body; // of something else that listens there
        }
    }
}
