using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>A short list of the emulator's own API, asked for as a whole.</summary>
/// <param name="path">Its path.</param>
/// <param name="list">The member of the answer that is the list.</param>
public sealed class ApiList(string path, string list)
{
    private string? _answered;

    public IReadOnlyList<JsonObject> Entries { get; private set; } = [];

    /// <summary>Asks for it. Answers whether it is another one than before.</summary>
    public async Task<bool> Follow(IEmulator emulator, Core.Tenant tenant, CancellationToken gone)
    {
        var answer = await emulator.Send(ApiRequest.Get(path, tenant), gone);
        if (answer.Body == _answered)
            return false;
        _answered = answer.Body;
        Entries = [.. (answer.Json?[list] as JsonArray)?.OfType<JsonObject>() ?? []];
        return true;
    }
}
