using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Operations.DataPlane;

namespace IoTJobsEmulator.Mqtt;

/// <summary>How what is the same over HTTP looks over MQTT: the job document is JSON and not a text of it, and no execution names its thing.</summary>
internal static class DeviceJson
{
    public static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, WireJson.Options);

    public static JsonNode Of(DeviceJobExecution execution) => AsDevicesSeeIt(JsonSerializer.SerializeToNode(execution, WireJson.Options)!.AsObject());

    /// <summary>Changes an answer, or the execution in it.</summary>
    public static JsonObject AsDevicesSeeIt(JsonObject answer)
    {
        answer.Remove("thingName"); // live messages have none, although the guide lists it
        if ((string?)answer["jobDocument"] is { } document)
            answer["jobDocument"] = JsonNode.Parse(document);
        if (answer["execution"] is JsonObject execution)
            AsDevicesSeeIt(execution);
        return answer;
    }
}
