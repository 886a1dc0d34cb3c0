using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Faults;

/// <summary>A rule of what is to go wrong, as a caller writes it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record FaultDefinition : IStructure
{
    /// <summary>The name of an operation of AWS that it strikes, or * for any. Either this or notification.</summary>
    public string? Operation { get; init; }

    /// <summary>What it strikes of what the service publishes: notify, notify-next, an event type such as JOB_EXECUTION, or * for any.</summary>
    public string? Notification { get; init; }

    /// <summary>Only operations of this API: iot, iot-jobs-data or iot-data.</summary>
    [FaultService] public string? Service { get; init; }

    /// <summary>Only in this account.</summary>
    [FaultAccount] public string? Account { get; init; }

    /// <summary>Only in this region.</summary>
    [FaultRegion] public string? Region { get; init; }

    /// <summary>Only for things of this name; * stands for any characters.</summary>
    [ThingPattern] public string? Thing { get; init; }

    /// <summary>Only for jobs of this id; * stands for any characters.</summary>
    [JobPattern] public string? JobId { get; init; }

    /// <summary>Only over HTTP, only over MQTT, or only for simulated devices.</summary>
    public EnumText<Transport>? Transport { get; init; }

    /// <summary>It strikes so often, then it is gone; for ever when not given.</summary>
    [FaultTimes] public int? Times { get; init; }

    /// <summary>It lets so many pass first.</summary>
    [FaultAfter] public int? After { get; init; }

    /// <summary>How probable it is that it strikes, from 0 to 1.</summary>
    [FaultProbability] public double? Probability { get; init; }

    /// <summary>What the probability is drawn from, so that a run can be repeated. Chosen, and shown, when not given.</summary>
    public int? Seed { get; init; }

    /// <summary>The error that is answered instead of running the operation: its name alone, or what it looks like.</summary>
    public FaultError? Error { get; init; }

    /// <summary>The answer or message leaves so much later, by the machine's clock: at most 1h.</summary>
    public Duration? Delay { get; init; }

    /// <summary>before (or true): neither runs the operation nor answers. after: runs it, and its answer is lost. A notification is lost.</summary>
    public EnumText<FaultDrop>? Drop { get; init; }

    /// <summary>MQTT: the answer or message is sent twice.</summary>
    public bool? Duplicate { get; init; }
}

/// <summary>The error of a rule: one of the service by its name, or any other.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultError : IStructure
{
    /// <summary>The name of an error that the operation can answer, such as ThrottlingException.</summary>
    public string? Name { get; init; }

    /// <summary>The HTTP status of any other error; 400 when not given.</summary>
    [FaultStatus] public int? StatusCode { get; init; }

    /// <summary>The name of any other error, and its code over MQTT.</summary>
    [FaultCode] public string? Code { get; init; }

    /// <summary>The text.</summary>
    [FaultMessage] public string? Message { get; init; }
}

/// <summary>When an answer is lost.</summary>
internal enum FaultDrop
{
    /// <summary>Before the operation runs: it does not.</summary>
    before,

    /// <summary>After the operation ran and is committed.</summary>
    after,
}

internal sealed class FaultServiceAttribute() : StringShapeAttribute(pattern: "iot|iot-jobs-data|iot-data");

internal sealed class FaultAccountAttribute() : StringShapeAttribute(pattern: "[0-9]{12}");

internal sealed class FaultRegionAttribute() : StringShapeAttribute(1, 64, "[a-z0-9-]+");

internal sealed class ThingPatternAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_*-]+");

internal sealed class JobPatternAttribute() : StringShapeAttribute(1, 64, @"[a-zA-Z0-9_*-]+|\$next");

internal sealed class FaultTimesAttribute() : NumberShapeAttribute(min: 1);

internal sealed class FaultAfterAttribute() : NumberShapeAttribute(min: 0);

internal sealed class FaultProbabilityAttribute() : NumberShapeAttribute(0, 1);

internal sealed class FaultStatusAttribute() : NumberShapeAttribute(400, 599);

internal sealed class FaultCodeAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9._-]+");

internal sealed class FaultMessageAttribute() : StringShapeAttribute(max: 1024);
