using System.Globalization;
using System.Runtime.InteropServices;
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
        options ??= WireJson.Options;
        try
        {
            var reader = new Utf8JsonReader(json, new() { CommentHandling = options.ReadCommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
            using var document = JsonDocument.ParseValue(ref reader);
            while (reader.Read())
            {
            }
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return ServiceError.InvalidRequest.Because($"{what} must be a JSON object");
            return Find(document.RootElement, structure, options, "") ?? ServiceError.InvalidRequest.Because($"{what} cannot be read");
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

    private static ServiceException? Find(JsonElement element, Type type, JsonSerializerOptions options, string path)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        var form = JsonForm.Of(type, options);
        return element.ValueKind switch
        {
            JsonValueKind.Object when form.Members is not null => FindInMembers(element, form, options, path),
            JsonValueKind.Array when form.TypeOfElements is { } elements => FindInElements(element, elements, options, path),
            JsonValueKind.Object when form.TypeOfValues is { } values => FindInPairs(element, values, options, path),
            _ when form.IsValue && Fits(element, type, options) => null,
            JsonValueKind.String when type == typeof(string) => ForValue(Text(element), path, type, "valid Unicode text"),
            _ => ForValue(Text(element), path, type),
        };
    }

    private static ServiceException? FindInMembers(JsonElement element, JsonForm form, JsonSerializerOptions options, string path)
    {
        foreach (var given in element.EnumerateObject())
        {
            var member = form.Members!.FirstOrDefault(member => given.NameEquals(member.Name));
            if (member is null && (form.UnknownMembers ?? options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow)
                return ServiceError.InvalidRequest.Because($"1 validation error detected: '{given.Name}' is unknown");
            if (member is null || (member.MayBeText && IsIntegerInText(given.Value)))
                continue;
            if (Find(given.Value, member.Type, options, path.Length == 0 ? member.Name : $"{path}.{member.Name}") is { } found)
                return found;
        }
        return null;
    }

    private static ServiceException? FindInElements(JsonElement list, Type type, JsonSerializerOptions options, string path)
    {
        var number = 0;
        foreach (var element in list.EnumerateArray())
        {
            number++;
            if (Find(element, type, options, string.Create(CultureInfo.InvariantCulture, $"{path}.{number}.member")) is { } found)
                return found;
        }
        return null;
    }

    private static ServiceException? FindInPairs(JsonElement map, Type type, JsonSerializerOptions options, string path)
    {
        foreach (var pair in map.EnumerateObject())
        {
            if (Find(pair.Value, type, options, $"{path}.{pair.Name}.member") is { } found)
                return found;
        }
        return null;
    }

    private static bool IsIntegerInText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool Fits(JsonElement element, Type type, JsonSerializerOptions options)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(element));
        reader.Read();
        try
        {
            if (type == typeof(string))
                _ = JsonValues.TextInMap(ref reader, options.NumberHandling);
            else if (type == typeof(bool))
                _ = JsonValues.Boolean(ref reader, options.NumberHandling);
            else if (type == typeof(int))
                _ = JsonValues.Int32(ref reader, options.NumberHandling);
            else if (type == typeof(long))
                _ = JsonValues.Int64(ref reader, options.NumberHandling);
            else
                return element.Deserialize(type, options) is not null;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for half a surrogate pair
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
        return JsonForm.Of(type, WireJson.Options).TypeOfElements is not null ? "a list" : "an object";
    }

    /// <summary>What JSON a type is read from: an object with members, a list, a map, or a single value.</summary>
    private sealed record JsonForm(IReadOnlyList<FormMember>? Members, JsonUnmappedMemberHandling? UnknownMembers, Type? TypeOfElements, Type? TypeOfValues)
    {
        public bool IsValue => Members is null && TypeOfElements is null && TypeOfValues is null;

        public static JsonForm Of(Type type, JsonSerializerOptions options)
        {
            if (JsonCodecs.Find(type) is { } codec)
            {
                var members = codec.Members?.Select(member => new FormMember(member.Name, member.Type, member.NumberHandling is not null));
                return new(members?.ToArray(), codec.UnknownMembers, codec.TypeOfElements, codec.TypeOfValues);
            }
            var info = options.GetTypeInfo(type);
            return new(
                info.Kind == JsonTypeInfoKind.Object ? [.. info.Properties.Select(member => new FormMember(member.Name, member.PropertyType, member.NumberHandling is not null))] : null,
                info.UnmappedMemberHandling,
                info.Kind == JsonTypeInfoKind.Enumerable ? info.ElementType : null,
                info.Kind == JsonTypeInfoKind.Dictionary ? info.ElementType : null);
        }
    }

    private sealed record FormMember(string Name, Type Type, bool MayBeText);
}
