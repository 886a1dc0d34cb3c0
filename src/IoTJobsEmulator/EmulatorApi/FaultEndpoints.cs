using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Faults;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>What is to go wrong: rules for operations, notifications and events, in all accounts and regions unless a rule names one.</summary>
internal sealed class FaultEndpoints(FaultRules rules, FaultCatalog catalog)
{
    private const int DefaultLimit = 100;

    private sealed class LimitAttribute() : NumberShapeAttribute(1, 1000);

    public sealed record FaultsView(IReadOnlyList<FaultView> Faults);

    /// <summary>A rule as it stands.</summary>
    public sealed record FaultView : FaultDefinition
    {
        public FaultView(FaultRule rule) : base(rule.Definition) => (Id, Struck) = (rule.Id, rule.Struck);

        /// <summary>Its id.</summary>
        public long Id { get; }

        /// <summary>How often it has struck.</summary>
        public int Struck { get; }
    }

    /// <summary>Lists the faults by their ids, and how often each has struck. One that has struck as often as it should is gone.</summary>
    /// <param name="after">Only with a higher id: the last one that was seen.</param>
    /// <param name="limit">How many at most; 100 when not given.</param>
    public ValueTask<FaultsView> ListFaults(long? after, [Limit] int? limit) =>
        new(View([.. rules.All.Where(rule => !(rule.Id <= after)).Take(limit ?? DefaultLimit)]));

    /// <summary>Adds faults, all or none. Of those that concern a call, a notification or an event, the first that strikes does.</summary>
    /// <param name="request">At most 10 000 with those that are there.</param>
    public ValueTask<FaultsView> AddFaults(FaultList request)
    {
        FaultRule[] added = [.. (request.Faults ?? []).Select(catalog.Rule)];
        rules.Add(added);
        return new(View(added));
    }

    /// <summary>Removes all faults, and answers them.</summary>
    public ValueTask<FaultsView> DeleteFaults() => new(View(rules.Remove(_ => true)));

    /// <summary>Removes a fault, and answers it.</summary>
    /// <param name="id">The id that it was given.</param>
    public ValueTask<FaultView> DeleteFault([Required] long id) => rules.Remove(rule => rule.Id == id) is [var removed]
        ? new(new FaultView(removed))
        : throw ServiceError.ResourceNotFound.Because($"Fault {id} cannot be found.");

    private static FaultsView View(IReadOnlyList<FaultRule> listed) => new([.. listed.Select(rule => new FaultView(rule))]);
}
