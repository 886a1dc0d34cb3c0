using System.Text;
using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>
/// Placeholders in the texts of a seed: <c>${n}</c>, the number of the repetition, and <c>${name.member}</c>, of what was saved. Those of AWS,
/// <c>${aws:...}</c>, are left as they are, and <c>$${</c> stands for <c>${</c>.
/// </summary>
internal static class SeedPlaceholders
{
    /// <summary>The name of the number of the repetition.</summary>
    public const string Number = "n";

    private const string Start = "${", Aws = "${aws:";

    /// <summary>The placeholders in all texts and names of a value.</summary>
    /// <exception cref="ServiceException">InvalidRequest: one does not end, or they are nested; a text is not valid Unicode.</exception>
    public static IEnumerable<string> In(JsonElement value)
    {
        var texts = value.ValueKind switch
        {
            JsonValueKind.String => In(TextOf(() => value.GetString()!)),
            JsonValueKind.Object => value.EnumerateObject().SelectMany(member => In(TextOf(() => member.Name)).Concat(In(member.Value))),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
            _ => [],
        };
        return texts;
    }

    /// <summary>Writes a value with its placeholders filled in. A text that is one saved value alone becomes that value, whatever its type.</summary>
    /// <exception cref="ServiceException">InvalidRequest: nothing was saved there, or no text can be made of it.</exception>
    public static void Write(Utf8JsonWriter json, JsonElement value, SeedValues values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(Filled(member.Name, values));
                    Write(json, member.Value, values);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(json, element, values);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteText(json, value.GetString()!, values);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text, SeedValues values)
    {
        if (text.Contains(Start, StringComparison.Ordinal) && Parts(text).ToList() is [("", { } alone), ("", null)] && alone != Number)
            values.Saved(alone).WriteTo(json);
        else
            json.WriteStringValue(Filled(text, values));
    }

    private static string Filled(string text, SeedValues values) => text.Contains(Start, StringComparison.Ordinal)
        ? string.Concat(Parts(text).Select(part => part.Text + (part.Placeholder is { } name ? values.TextOf(name) : "")))
        : text;

    private static IEnumerable<string> In(string text) => Parts(text).Select(part => part.Placeholder).OfType<string>();

    /// <summary>Takes a text apart: what is before each placeholder, and its name; at the end the rest, without one.</summary>
    private static IEnumerable<(string Text, string? Placeholder)> Parts(string text)
    {
        var before = new StringBuilder();
        var at = 0;
        while (text.IndexOf(Start, at, StringComparison.Ordinal) is >= 0 and var start)
        {
            before.Append(text, at, start - at);
            at = start + Start.Length;
            if (start > 0 && text[start - 1] == '$')
                before.Append('{');
            else if (text.AsSpan(start).StartsWith(Aws, StringComparison.Ordinal))
                before.Append(Start);
            else
            {
                yield return (before.ToString(), NameAt(text, at, out at));
                before.Clear();
            }
        }
        yield return (before.Append(text, at, text.Length - at).ToString(), null);
    }

    private static string NameAt(string text, int start, out int behind)
    {
        var end = text.IndexOf('}', start);
        if (end < 0)
            throw Refused($"'{text[(start - Start.Length)..]}' does not end: $${{ stands for ${{");
        behind = end + 1;
        var name = text[start..end];
        return !name.Contains('{') ? name : throw Refused($"'{text[(start - Start.Length)..behind]}' is nested, which placeholders cannot be");
    }

    private static string TextOf(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            throw Refused("a text is not valid Unicode");
        }
    }

    internal static ServiceException Refused(string what) => ServiceError.InvalidRequest.Because($"1 validation error detected: {what}");
}
