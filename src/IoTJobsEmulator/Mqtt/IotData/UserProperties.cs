using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt.IotData;

/// <summary>User properties as the HTTP API encodes them: a JSON array of objects, in base64. Names may repeat, and their order is kept.</summary>
internal static class UserProperties
{
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string base64)
    {
        try
        {
            var objects = JsonSerializer.Deserialize<Dictionary<string, string?>?[]>(Convert.FromBase64String(base64), WireJson.Options);
            if (objects is not null && objects.All(pairs => pairs is not null && !pairs.ContainsValue(null)))
                return [.. objects.SelectMany(pairs => pairs!).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))];
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // refused below
        }
        throw SerializationErrors.ForValue(base64, "userProperties", typeof(string), "base64 of a JSON array of objects with text");
    }

    /// <summary>The encoded properties; null when there are none.</summary>
    public static string? Write(IReadOnlyList<KeyValuePair<string, string>> properties) => properties.Count == 0
        ? null
        : Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(
            new JsonArray([.. properties.Select(property => new JsonObject { [property.Key] = property.Value })]), WireJson.Options));
}
