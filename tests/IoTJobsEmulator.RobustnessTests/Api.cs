using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests;

/// <summary>An answer that has come whole.</summary>
internal sealed record Answer(int Status, string? ErrorType, JsonNode? Body)
{
    public bool IsSuccess => Status == (int)HttpStatusCode.OK;

    public string Text(string member) => (string?)Body?[member] ?? "";

    public override string ToString() => $"{Status} {Body?.ToJsonString()}";
}

/// <summary>A caller who speaks JSON. What was not answered whole throws an <see cref="HttpRequestException"/>.</summary>
internal sealed class Api(Uri url) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = url, Timeout = Extent.Patience };

    private int _answers;

    /// <summary>Hears of every answer, with its number, before whoever asked does.</summary>
    public Action<int>? Answered { get; set; }

    /// <summary>Counts an answer that came another way.</summary>
    public void Count() => Answered?.Invoke(Interlocked.Increment(ref _answers));

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Put(string path, object? body = null) => Send(HttpMethod.Put, path, body);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    /// <summary>What must succeed.</summary>
    public static async Task<Answer> Done(Task<Answer> asked) =>
        await asked is { IsSuccess: true } answer ? answer : throw new InvalidOperationException($"It was refused: {await asked}");

    /// <summary>Asks, signed with the credentials of an account; null signs nothing.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? account = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), mediaType: new MediaTypeHeaderValue(MediaTypeNames.Application.Json));
        if (account is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/iot/aws4_request, SignedHeaders=host, Signature=0");
        string text;
        string? errorType;
        int status;
        try
        {
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            errorType = response.Headers.TryGetValues("x-amzn-ErrorType", out var named) ? named.Single() : null;
            (status, text) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        catch (IOException cut)
        {
            throw new HttpRequestException(cut.Message, cut);
        }
        Count();
        return new(status, errorType, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Everything that a list has, page by page.</summary>
    public async Task<IReadOnlyList<JsonNode>> All(string path, string member)
    {
        List<JsonNode> found = [];
        string? token = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await Done(Get(path + separator + "maxResults=250" + (token is null ? "" : $"&nextToken={Uri.EscapeDataString(token)}")));
            found.AddRange(page.Body![member]!.AsArray()!);
            token = (string?)page.Body["nextToken"];
        }
        while (token is not null);
        return found;
    }

    public void Dispose() => _client.Dispose();
}
