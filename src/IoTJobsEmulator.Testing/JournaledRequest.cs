using System.Text.Json;

namespace IoTJobsEmulator.Testing;

/// <summary>A request in the journal.</summary>
public sealed record JournaledRequest
{
    /// <summary>Counts the answers to requests.</summary>
    public required long Number { get; init; }

    /// <summary>When it came, on the emulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it came, on the machine's clock.</summary>
    public required DateTimeOffset MachineTime { get; init; }

    /// <summary>How it came.</summary>
    public required RequestTransport Transport { get; init; }

    /// <summary>The API: <c>iot</c>, <c>iot-jobs-data</c> or <c>iot-data</c>; null where the request names none.</summary>
    public string? Service { get; init; }

    /// <summary>The operation of AWS; null where the request names none.</summary>
    public string? Operation { get; init; }

    /// <summary>The method and the path, without its query; or the topic. Null for a simulated device.</summary>
    public string? Target { get; init; }

    /// <summary>The caller's account.</summary>
    public required string Account { get; init; }

    /// <summary>The caller's region.</summary>
    public required string Region { get; init; }

    /// <summary>The thing that it names.</summary>
    public string? Thing { get; init; }

    /// <summary>The job that it names.</summary>
    public string? JobId { get; init; }

    /// <summary>The MQTT client.</summary>
    public string? ClientId { get; init; }

    /// <summary>The simulator that plays the device.</summary>
    public string? Simulator { get; init; }

    /// <summary>Where an HTTP request came from.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The user agent of an HTTP request.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The status, over MQTT that which HTTP has for the answer. Null when no answer left.</summary>
    public int? Status { get; init; }

    /// <summary>The name of the error, over MQTT its code; null when there was none.</summary>
    public string? Error { get; init; }

    /// <summary>How long it took, in milliseconds of the machine, a fault's delay included.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The fault that struck.</summary>
    public RequestFault? Fault { get; init; }

    /// <summary>The arguments, by their names in the API. Null when they could not be read.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What was answered, its first 64 KB at most: JSON, or text where it is cut or is no JSON.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Whether the output is only the beginning.</summary>
    public bool IsOutputCut { get; init; }
}

/// <summary>A fault that struck a request.</summary>
/// <param name="Id">The id of the fault.</param>
/// <param name="Effect">What it did.</param>
public sealed record RequestFault(long Id, string Effect);
