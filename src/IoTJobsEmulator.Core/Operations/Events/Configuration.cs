using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Core.Operations.Events;

/// <summary>Whether events of a type are published. Source: API_Configuration.</summary>
public sealed record Configuration
{
    [JsonPropertyName("Enabled")] public bool? Enabled { get; init; }
}
