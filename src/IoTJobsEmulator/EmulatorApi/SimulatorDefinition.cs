using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>A fleet of devices that the emulator plays, as a caller writes it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record SimulatorDefinition : IStructure
{
    private const int DefaultSeed = 0;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365), DefaultPicksUp = TimeSpan.FromSeconds(1);

    private static readonly DurationRange DefaultTakes = new() { From = new(TimeSpan.FromSeconds(10)), To = new(TimeSpan.FromSeconds(30)) };

    private static readonly OutcomeWeightsDefinition DefaultOutcomes = new() { Succeeded = 1 };

    public SimulatorDefinition()
    {
    }

    /// <summary>A simulator as it stands, with what was not given.</summary>
    public SimulatorDefinition(Simulator simulator)
    {
        var behavior = simulator.Behavior;
        (Things, NamespaceId, Offline, Seed) = (simulator.Things, simulator.NamespaceId, behavior.Offline, behavior.Seed);
        (PicksUp, Takes) = (Milliseconds(behavior.PicksUp), new() { From = Milliseconds(behavior.TakesFrom), To = Milliseconds(behavior.TakesTo) });
        Outcomes = new()
        {
            Succeeded = NotZero(behavior.Outcomes.Succeeded),
            Failed = NotZero(behavior.Outcomes.Failed),
            Rejected = NotZero(behavior.Outcomes.Rejected),
            Silent = NotZero(behavior.Outcomes.Silent),
        };
        if ((behavior.SucceededDetails ?? behavior.FailedDetails ?? behavior.RejectedDetails) is not null)
            StatusDetails = new() { Succeeded = behavior.SucceededDetails, Failed = behavior.FailedDetails, Rejected = behavior.RejectedDetails };
        if (behavior.Progress.Count > 0)
            Progress = [.. behavior.Progress.Select(report => new ProgressDefinition { At = report.At, StatusDetails = report.StatusDetails })];

        static Duration Milliseconds(long number) => new(TimeSpan.FromMilliseconds(number));

        static int? NotZero(int weight) => weight == 0 ? null : weight;
    }

    /// <summary>Names of things that it plays; * stands for any characters.</summary>
    [Required, ThingPattern] public string? Things { get; init; }

    /// <summary>Its devices take the jobs of this namespace; jobs without one when not given.</summary>
    [SimulatorNamespace] public string? NamespaceId { get; init; }

    /// <summary>How long a device waits before it takes an execution; 1s when not given, at most 365d.</summary>
    public Duration? PicksUp { get; init; }

    /// <summary>How long a device works on an execution.</summary>
    public DurationRange? Takes { get; init; }

    /// <summary>How often executions end how, each number in relation to their sum; all SUCCEEDED when not given.</summary>
    public OutcomeWeightsDefinition? Outcomes { get; init; }

    /// <summary>What devices say of an execution that they end.</summary>
    public OutcomeDetailsDefinition? StatusDetails { get; init; }

    /// <summary>What devices report while they work: at most 20 reports.</summary>
    [ProgressReports] public IReadOnlyList<ProgressDefinition>? Progress { get; init; }

    /// <summary>How many of a hundred things do nothing at all; 0 when not given.</summary>
    [Percent] public int? Offline { get; init; }

    /// <summary>What is drawn follows from it, the thing and the execution, so that a run can be repeated; 0 when not given.</summary>
    public int? Seed { get; init; }

    /// <summary>The row of a definition that satisfies its shapes.</summary>
    /// <exception cref="ServiceException">InvalidRequest: members contradict each other.</exception>
    public Simulator ToSimulator(string name)
    {
        var (takes, outcomes) = (Takes ?? DefaultTakes, Outcomes ?? DefaultOutcomes);
        Check(takes, outcomes);
        return new()
        {
            Ordinal = 0,
            Name = name,
            Things = Things!,
            NamespaceId = NamespaceId,
            Behavior = new()
            {
                PicksUp = Milliseconds(PicksUp?.Span ?? DefaultPicksUp),
                TakesFrom = Milliseconds(takes.From!.Value.Span),
                TakesTo = Milliseconds(takes.To!.Value.Span),
                Outcomes = new() { Succeeded = outcomes.Succeeded ?? 0, Failed = outcomes.Failed ?? 0, Rejected = outcomes.Rejected ?? 0, Silent = outcomes.Silent ?? 0 },
                SucceededDetails = StatusDetails?.Succeeded,
                FailedDetails = StatusDetails?.Failed,
                RejectedDetails = StatusDetails?.Rejected,
                Progress = new((Progress ?? []).Select(report => new ProgressReport(report.At!.Value, report.StatusDetails)).OrderBy(report => report.At)),
                Offline = Offline ?? 0,
                Seed = Seed ?? DefaultSeed,
            },
        };

        static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
    }

    private void Check(DurationRange takes, OutcomeWeightsDefinition outcomes)
    {
        CheckLength(PicksUp, "picksUp");
        CheckLength(takes.From, "takes.from");
        CheckLength(takes.To, "takes.to");
        if (takes.From!.Value.Span > takes.To!.Value.Span)
            throw Refused(takes.To, "takes.to", $"at least takes.from, {takes.From}");
        if (((long?)outcomes.Succeeded ?? 0) + (outcomes.Failed ?? 0) + (outcomes.Rejected ?? 0) + (outcomes.Silent ?? 0) == 0)
            throw Refused("{}", "outcomes", "an object with a number above 0");
    }

    private static void CheckLength(Duration? duration, string path)
    {
        if (duration is { } given && given.Span > Longest)
            throw Refused(given, path, "at most 365d");
    }

    private static ServiceException Refused(object value, string path, string expected) => SerializationErrors.ForValue(value.ToString()!, path, typeof(string), expected);
}

/// <summary>A duration that is drawn, in whole seconds if both bounds are.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DurationRange : IStructure
{
    /// <summary>The shortest: a number of seconds, or 500ms, 90s, 15m, 24h, 7d.</summary>
    [Required] public Duration? From { get; init; }

    /// <summary>The longest: at most 365d.</summary>
    [Required] public Duration? To { get; init; }
}

/// <summary>How often executions end how.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OutcomeWeightsDefinition : IStructure
{
    [Weight, JsonPropertyName("SUCCEEDED")] public int? Succeeded { get; init; }

    [Weight, JsonPropertyName("FAILED")] public int? Failed { get; init; }

    [Weight, JsonPropertyName("REJECTED")] public int? Rejected { get; init; }

    /// <summary>The device takes the execution and says nothing more of it.</summary>
    [Weight, JsonPropertyName("silent")] public int? Silent { get; init; }
}

/// <summary>What devices say of an execution that they end, by its status.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OutcomeDetailsDefinition : IStructure
{
    [DetailsMap, JsonPropertyName("SUCCEEDED")] public ValueMap? Succeeded { get; init; }

    [DetailsMap, JsonPropertyName("FAILED")] public ValueMap? Failed { get; init; }

    [DetailsMap, JsonPropertyName("REJECTED")] public ValueMap? Rejected { get; init; }
}

/// <summary>What devices report while they work.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProgressDefinition : IStructure
{
    /// <summary>When, in percent of the time that the execution takes.</summary>
    [Required, Percent] public int? At { get; init; }

    /// <summary>What is said; what was said before stays when not given.</summary>
    [DetailsMap] public ValueMap? StatusDetails { get; init; }
}

internal sealed class SimulatorNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");

internal sealed class SimulatorNamespaceAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9_-]+");

internal sealed class ProgressReportsAttribute() : ListShapeAttribute(max: 20);

internal sealed class PercentAttribute() : NumberShapeAttribute(0, 100);

internal sealed class WeightAttribute() : NumberShapeAttribute(0, 1_000_000);
