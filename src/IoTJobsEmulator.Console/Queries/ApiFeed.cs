using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>
/// Follows a list of the emulator's own API whose entries have numbers, such as the journal of requests: each time it asks for those after the
/// last one that it has. A reset of the emulator empties it; numbers go on.
/// </summary>
/// <param name="path">The path with its filters; <c>after</c> is added.</param>
/// <param name="list">The member of the answer that is the list.</param>
/// <param name="kept">How many entries are kept, the newest.</param>
public sealed class ApiFeed(string path, string list, int kept)
{
    /// <summary>How often it asks in one go: where thousands of entries come in a second, it catches up with the frames that follow.</summary>
    private const int MostCalls = 2;

    private readonly LinkedList<JsonObject> _entries = [];
    private long _last;
    private long? _resets;

    /// <summary>The entries, the newest first.</summary>
    public IEnumerable<JsonObject> NewestFirst
    {
        get
        {
            for (var entry = _entries.Last; entry is not null; entry = entry.Previous)
                yield return entry.Value;
        }
    }

    public int Count => _entries.Count;

    public string Path => path;

    /// <summary>Whether the emulator has forgotten entries before they were read.</summary>
    public bool HasMissed { get; private set; }

    /// <summary>What the emulator answered if it refused the filters; null when it did not.</summary>
    public ApiAnswer? Refusal { get; private set; }

    /// <summary>Adds what is new. Answers whether there was anything.</summary>
    public async Task<bool> Follow(IEmulator emulator, Core.Tenant tenant, CancellationToken gone)
    {
        var resets = emulator.Resets;
        var hasNews = _resets is not null && _resets != resets;
        if (hasNews)
            _entries.Clear();
        _resets = resets;
        for (var call = 0; call < MostCalls && Refusal is null; call++)
        {
            var answer = await emulator.Send(ApiRequest.Get($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={_last}", tenant), gone);
            if (!answer.IsSuccess)
                Refusal = answer;
            var body = answer.Json;
            HasMissed |= (bool?)body?["missed"] is true && _last > 0;
            if (body?[list] is not JsonArray { Count: > 0 } added)
                break;
            hasNews = true;
            foreach (var entry in added.OfType<JsonObject>())
                Add(entry);
        }
        return hasNews;
    }

    public void Clear() => _entries.Clear();

    private void Add(JsonObject entry)
    {
        // The user's action and the next frame may ask at the same time.
        var number = (long)entry["number"]!;
        lock (_entries)
        {
            if (number <= _last)
                return;
            _last = number;
            _entries.AddLast(entry);
            if (_entries.Count > kept)
                _entries.RemoveFirst();
        }
    }
}
