using System.Text.Json.Serialization;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>A name and a value attached to a resource. Source: API_Tag.</summary>
public sealed record Tag : IStructure
{
    [JsonPropertyName("Key"), Required, TagKey] public string? Key { get; init; }

    [JsonPropertyName("Value"), TagValue] public string? Value { get; init; }
}
