using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>A seed as people write it: calls that bring a world about. Comments and trailing commas are allowed.</summary>
[AllowsComments]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SeedDocument : IStructure
{
    /// <summary>The account of all calls; that of the caller or of the settings when not given.</summary>
    [FaultAccount] public string? Account { get; init; }

    /// <summary>The region of all calls; that of the caller or of the settings when not given.</summary>
    [FaultRegion] public string? Region { get; init; }

    /// <summary>The calls, in their order. With their repetitions they are 1 000 000 at most.</summary>
    [Required] public IReadOnlyList<SeedCallDocument>? Calls { get; init; }
}

/// <summary>A call of an operation.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SeedCallDocument : IStructure
{
    /// <summary>The name of an operation of AWS that the emulator has, or AdvanceClock, SetClock, PostFault or PutSimulator.</summary>
    [Required] public string? Operation { get; init; }

    /// <summary>The API of the operation, where two have one of this name: iot when not given.</summary>
    [FaultService] public string? Service { get; init; }

    /// <summary>The operation's input as SDKs take it. In its texts ${n} stands for the number of the repetition, ${name.member} for what was saved.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>How often it is called, with ${n} from 1 on.</summary>
    [SeedRepeat] public int? Repeat { get; init; }

    /// <summary>The name under which later calls find what it answers.</summary>
    [SeedName] public string? Save { get; init; }
}

internal sealed class SeedRepeatAttribute() : NumberShapeAttribute(1, Seed.MaxCalls);

internal sealed class SeedNameAttribute() : StringShapeAttribute(1, 64, "[a-zA-Z][a-zA-Z0-9_]*");
