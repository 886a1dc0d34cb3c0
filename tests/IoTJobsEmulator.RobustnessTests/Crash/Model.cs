using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>What is known of an execution. The version is the least that it may have.</summary>
internal sealed record ExecutionFact(string Status, long Version)
{
    private static readonly FrozenSet<string> Terminal = new[] { "SUCCEEDED", "FAILED", "REJECTED", "TIMED_OUT", "REMOVED", "CANCELED" }.ToFrozenSet();

    public bool IsTerminal => Terminal.Contains(Status);

    /// <summary>Whether it says all: not for what the emulator changes by itself, such as the executions of a canceled job.</summary>
    public bool IsVersionExact { get; init; } = true;

    public static ExecutionFact Of(JsonNode state) => new((string)state["status"]!, (long)state["versionNumber"]!);

    /// <summary>What follows when something else ends it.</summary>
    public ExecutionFact End(string status) => IsTerminal ? this : new(status, Version + 1) { IsVersionExact = false };
}

/// <summary>What is known of a job.</summary>
internal sealed class JobFact
{
    /// <summary>By thing; null is deleted.</summary>
    public Dictionary<string, ExecutionFact?> Executions { get; init; } = [];

    public bool IsCanceled { get; set; }

    /// <summary>Whether its deletion was asked for with force: it is on its way or gone.</summary>
    public bool IsDeleted { get; set; }

    public bool HasTimeout { get; init; }

    /// <summary>A job for the whole fleet, whose executions are counted and not known one by one.</summary>
    public bool IsForFleet { get; init; }
}

/// <summary>
/// What one writer was told, or could conclude. Writers share nothing but the fleet, so what they know is exact but for the one call that was
/// not answered when the process ended: what it was about is in doubt.
/// </summary>
internal sealed class Model
{
    /// <summary>By name; false is deleted.</summary>
    public Dictionary<string, bool> Things { get; } = [];

    public Dictionary<string, JobFact> Jobs { get; } = [];

    public HashSet<string> ThingsInDoubt { get; } = [];

    public HashSet<string> JobsInDoubt { get; } = [];

    public bool IsInDoubt(string job, string thing) => JobsInDoubt.Contains(job) || ThingsInDoubt.Contains(thing);
}
