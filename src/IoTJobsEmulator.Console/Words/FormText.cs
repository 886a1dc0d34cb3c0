using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>What is typed in forms, as members of a request. What is empty is left out; what is no number is sent as text, for the API to refuse.</summary>
public static class FormText
{
    /// <summary>Those of the members that have a value.</summary>
    public static JsonObject Members(params (string Name, JsonNode? Value)[] members)
    {
        var given = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
                given[name] = value;
        }
        return given;
    }

    /// <summary>A text without the spaces around it; null when nothing is left.</summary>
    public static JsonValue? Text(string text) => text.Trim() is { Length: > 0 } given ? JsonValue.Create(given) : null;

    /// <summary>A whole number or one with a point; text when it is neither, null when it is empty.</summary>
    public static JsonValue? Number(string text)
    {
        if (text.Trim() is not { Length: > 0 } given)
            return null;
        return long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
            : double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
            : JsonValue.Create(given);
    }

    /// <summary>A line for each pair, <c>name=value</c>, as an object; null when there are none.</summary>
    public static JsonObject? Pairs(string lines)
    {
        var pairs = new JsonObject();
        foreach (var (name, value) in Lines(lines))
            pairs[name] = value;
        return pairs.Count > 0 ? pairs : null;
    }

    /// <summary>What stands before and after the first equals sign of each line that is not empty.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(string lines) =>
        from line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let mark = line.IndexOf('=', StringComparison.Ordinal)
        select mark < 0 ? (line, "") : (line[..mark].TrimEnd(), line[(mark + 1)..].TrimStart());

    /// <summary>A number as it is typed; empty for none.</summary>
    public static string Of<T>(T? number) where T : struct, IFormattable => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
