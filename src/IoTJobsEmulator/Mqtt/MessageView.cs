using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Mqtt;

/// <summary>A published message as it is shown.</summary>
/// <param name="Number">Counts all messages.</param>
/// <param name="At">When it was published, on the machine's clock.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">The quality of service it was published with.</param>
/// <param name="Retain">Whether it was to be retained; absent if not.</param>
/// <param name="From">The client that published it; absent if the service did, or HTTP.</param>
/// <param name="To">The client it went to alone, as an answer; absent if it went to all who subscribe.</param>
/// <param name="Payload">JSON as it is, any other text as text, bytes in base64.</param>
/// <param name="Bytes">The payload byte for byte, in base64; absent unless it is asked for.</param>
internal sealed record MessageView(
    long Number, string At, string Topic, int Qos, bool? Retain, string? From, string? To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonNode? Payload,
    string? Bytes = null);
