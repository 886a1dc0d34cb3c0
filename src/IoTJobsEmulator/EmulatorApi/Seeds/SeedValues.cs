using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>What placeholders stand for: the number of the repetition, and what was saved.</summary>
internal sealed class SeedValues
{
    /// <summary>How many bytes of JSON may be saved in all.</summary>
    public const int MaxSavedBytes = 16 << 20;

    private readonly Dictionary<string, JsonElement> _saved = [];
    private long _bytes;

    /// <summary>The number of the repetition; null outside one.</summary>
    public int? N { get; set; }

    /// <summary>The input of a call, with its placeholders filled in.</summary>
    /// <exception cref="ServiceException">InvalidRequest: nothing was saved where a placeholder points, or no text can be made of it.</exception>
    public JsonElement InputOf(SeedCall call)
    {
        if (!call.HasPlaceholders)
            return call.Input;
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            SeedPlaceholders.Write(json, call.Input, this);
        return JsonElement.Parse(bytes.WrittenSpan);
    }

    /// <exception cref="ServiceException">LimitExceeded: too much is saved.</exception>
    public void Save(string name, byte[] json)
    {
        _bytes += json.Length;
        if (_bytes > MaxSavedBytes)
            throw ServiceError.LimitExceeded.Because($"Saved answers have {MaxSavedBytes} bytes at most.");
        _saved[name] = JsonElement.Parse(json);
    }

    /// <summary>The saved value at a path such as <c>group.thingGroupArn</c> or <c>page.things.0.thingName</c>.</summary>
    /// <exception cref="ServiceException">InvalidRequest: there is none.</exception>
    public JsonElement Saved(string path)
    {
        var names = path.Split('.');
        return names[1..].Aggregate(_saved[names[0]], (value, name) => MemberOf(value, name) ?? throw SeedPlaceholders.Refused($"'${{{path}}}' is not in what was saved: there is no {name}"));
    }

    /// <exception cref="ServiceException">InvalidRequest: there is no such value, or it is a list or an object.</exception>
    public string TextOf(string placeholder)
    {
        if (placeholder == SeedPlaceholders.Number)
            return N!.Value.ToString(CultureInfo.InvariantCulture);
        var value = Saved(placeholder);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Object or JsonValueKind.Array => throw SeedPlaceholders.Refused($"'${{{placeholder}}}' is a list or an object, which stands alone in a text only"),
            _ => value.GetRawText(),
        };
    }

    private static JsonElement? MemberOf(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TryGetProperty(name, out var member) => member,
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < value.GetArrayLength() => value[place],
        _ => null,
    };
}
