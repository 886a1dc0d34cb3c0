using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Events;

/// <summary>
/// Which events are wanted. A member that is null wants all. Events without an account, such as those of the clock, are wanted whatever account and
/// region are.
/// </summary>
internal sealed record EventFilter
{
    public IReadOnlySet<EmulatorEventType>? Types { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary>With * for any characters. A client's id is taken for the name of its thing.</summary>
    public string? Thing { get; init; }

    /// <summary>With * for any characters.</summary>
    public string? JobId { get; init; }

    public bool Matches(EmulatorEvent found) =>
        Matches(found.Tenant)
        && (Types is null || Types.Contains(found.Type.Value))
        && Wildcards.Fit(Thing, found.Thing ?? found.ClientId)
        && Wildcards.Fit(JobId, found.JobId);

    /// <summary>Whether events of an account and region may be wanted.</summary>
    public bool Matches(Tenant? tenant) =>
        tenant is not { } known || ((Account is null || Account == known.Account) && (Region is null || Region == known.Region));
}
