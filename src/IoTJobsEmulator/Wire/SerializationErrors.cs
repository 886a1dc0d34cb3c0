using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// Describes in the service's words what cannot be deserialized: a body that is not JSON or has a member of another type, or a number or
/// boolean in the path or query. The exceptions of System.Text.Json name .NET types instead.
/// </summary>
internal static class SerializationErrors
{
    /// <summary>The refusal of a body that could not be read as the structure.</summary>
    /// <param name="json">The body.</param>
    /// <param name="structure">What it is to be.</param>
    /// <param name="options">With which it was read; those of HTTP when not given.</param>
    /// <param name="what">What the text calls it.</param>
    public static ServiceException ForBody(ReadOnlySpan<byte> json, Type structure, JsonSerializerOptions? options = null, string what = "Request body")
    {
        options = WireJson.Reflecting(options ?? WireJson.Options);
        try
        {
            var reader = new Utf8JsonReader(json, new() { CommentHandling = options.ReadCommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
            using var document = JsonDocument.ParseValue(ref reader);
            while (reader.Read())
            {
            }
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return ServiceError.InvalidRequest.Because($"{what} must be a JSON object");
            return Find(document.RootElement, options.GetTypeInfo(structure), "") ?? ServiceError.InvalidRequest.Because($"{what} cannot be read");
        }
        catch (JsonException e)
        {
            var (line, position) = (e.LineNumber + 1, e.BytePositionInLine + 1);
            return ServiceError.InvalidRequest.Because(
                string.Create(CultureInfo.InvariantCulture, $"{what} is not valid JSON: line {line}, byte {position}"));
        }
        catch (InvalidOperationException)
        {
            return ServiceError.InvalidRequest.Because($"{what} is not valid UTF-8");
        }
    }

    /// <summary>The refusal of a value that cannot be read as its type, or not as what is expected of its text.</summary>
    public static ServiceException ForValue(string value, string path, Type type, string? expected = null) => ServiceError.InvalidRequest.Because(
        $"1 validation error detected: Value '{value}' at '{path}' failed to satisfy constraint: Member must be {expected ?? Expected(type)}");

    private static ServiceException? Find(JsonElement element, JsonTypeInfo info, string path)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return null;
        var type = info.Type;
        return (info.Kind, element.ValueKind) switch
        {
            (JsonTypeInfoKind.Object, JsonValueKind.Object) => FindInMembers(element, info, path),
            (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => FindInElements(element, InfoOf(info.ElementType!, info.Options), path),
            (_, JsonValueKind.Array) when type == typeof(ValueList<string>) => FindInElements(element, InfoOf(typeof(string), info.Options), path),
            (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) => FindInPairs(element, InfoOf(info.ElementType!, info.Options), path),
            (_, JsonValueKind.String) when type == typeof(string) => Fits(element, info) ? null : ForValue(Text(element), path, type, "valid Unicode text"),
            _ => Fits(element, info) ? null : ForValue(Text(element), path, type),
        };
    }

    private static ServiceException? FindInMembers(JsonElement element, JsonTypeInfo info, string path)
    {
        foreach (var given in element.EnumerateObject())
        {
            var member = info.Properties.FirstOrDefault(member => given.NameEquals(member.Name));
            if (member is null && (info.UnmappedMemberHandling ?? info.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow)
                return ServiceError.InvalidRequest.Because($"1 validation error detected: '{given.Name}' is unknown");
            if (member is null || (member.NumberHandling is not null && IsIntegerInText(given.Value)))
                continue;
            if (Find(given.Value, InfoOf(member.PropertyType, info.Options), path.Length == 0 ? member.Name : $"{path}.{member.Name}") is { } found)
                return found;
        }
        return null;
    }

    private static ServiceException? FindInElements(JsonElement list, JsonTypeInfo info, string path)
    {
        var number = 0;
        foreach (var element in list.EnumerateArray())
        {
            number++;
            if (Find(element, info, string.Create(CultureInfo.InvariantCulture, $"{path}.{number}.member")) is { } found)
                return found;
        }
        return null;
    }

    private static ServiceException? FindInPairs(JsonElement map, JsonTypeInfo info, string path)
    {
        foreach (var pair in map.EnumerateObject())
        {
            if (Find(pair.Value, info, $"{path}.{pair.Name}.member") is { } found)
                return found;
        }
        return null;
    }

    private static JsonTypeInfo InfoOf(Type type, JsonSerializerOptions options) => options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsIntegerInText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool Fits(JsonElement element, JsonTypeInfo info)
    {
        try
        {
            return info.Kind == JsonTypeInfoKind.None && element.Deserialize(info) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The value as it was given, cut when it is long: it may be a whole document.</summary>
    private static string Text(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetRawText()[1..^1] : element.GetRawText();
        return text.Length <= 200 ? text : text[..200] + "...";
    }

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int))
            return "a 32-bit integer";
        if (type == typeof(long))
            return "a 64-bit integer";
        if (type == typeof(double))
            return "a number";
        if (type == typeof(Duration))
            return Duration.Forms;
        if (type == typeof(DateTimeOffset))
            return "a time such as 2026-01-01T00:00:00Z";
        if (type == typeof(bool))
            return "a boolean, true or false";
        if (type == typeof(string) || type.IsAssignableTo(typeof(IEnumText)))
            return "a string";
        return type == typeof(ValueList<string>) || WireJson.Reflecting(WireJson.Options).GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object";
    }
}
