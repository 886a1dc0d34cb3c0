using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using IoTJobsEmulator.EmulatorApi;

namespace IoTJobsEmulator.Tests.Events;

/// <summary>A client that reads the stream of events as it comes.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _stream;

    private EventReader(HttpClient client, HttpResponseMessage response, Stream stream) => (_client, _response, _stream) = (client, response, new(stream));

    /// <summary>Connects, and reads how the stream begins.</summary>
    public static async Task<EventReader> Open(Emulator emulator, string query = "", params (string Name, string Value)[] headers)
    {
        var client = emulator.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/_emulator/events" + query, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var reader = new EventReader(client, response, await response.Content.ReadAsStreamAsync(Cancelled));
        if (response.IsSuccessStatusCode)
        {
            Assert.Equal(new MediaTypeHeaderValue(EventStream.ContentType), response.Content.Headers.ContentType);
            Assert.StartsWith(": events after ", Assert.Single((await reader.Frame())!), StringComparison.Ordinal);
        }
        return reader;
    }

    public int Status => (int)_response.StatusCode;

    /// <summary>The lines up to the next empty one; null at the end of the stream.</summary>
    public async Task<string[]?> Frame()
    {
        List<string> lines = [];
        while (await _stream.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Length == 0)
                return [.. lines];
            lines.Add(line);
        }
        return null;
    }

    /// <summary>The next event; null at the end of the stream. Its id is its number.</summary>
    public async Task<JsonNode?> Next()
    {
        if (await Frame() is not { } lines)
            return null;
        Assert.Equal(["id: ", "data: "], lines.Select(line => line[..(line.IndexOf(": ", StringComparison.Ordinal) + 2)]));
        var read = JsonNode.Parse(lines[1]["data: ".Length..])!;
        Assert.Equal(lines[0]["id: ".Length..], read["number"]!.ToString());
        return read;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _response.Dispose();
        _client.Dispose();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
