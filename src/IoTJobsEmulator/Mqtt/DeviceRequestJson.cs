using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// JSON as devices write it in requests over MQTT: like HTTP's, but a number or boolean may be written as text, as the AWS IoT Device SDKs v1
/// for C++ and Python do, and a value of statusDetails may be a number or boolean, of which the JSON text is kept.
/// </summary>
internal static class DeviceRequestJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(WireJson.Options) { NumberHandling = JsonNumberHandling.AllowReadingFromString };
        options.MakeReadOnly();
        return options;
    }
}
