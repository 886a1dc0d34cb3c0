using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// A thing that was deleted while more executions were open than one turn takes: the rest is REMOVED by due work. Executions with
/// a greater ordinal belong to a new thing of the same name.
/// </summary>
public sealed record DeletedThing : IRow<Number>
{
    public required string ThingName { get; init; }

    public required long Ordinal { get; init; }

    public Number Key => Ordinal;
}
