using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations.Faults;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// Faults under the address and in the form of LocalStack's Chaos API: a list of rules with service, region, operation, probability and error
/// {statusCode, code}. What a rule does not name is any; without an error it answers 503 ServiceUnavailable, as there. All else that a rule can
/// have here is understood too.
/// </summary>
/// <see href="https://docs.localstack.cloud/aws/capabilities/chaos-engineering/chaos-api/"/>
internal sealed class LocalStackFaults(FaultRules rules, FaultCatalog catalog)
{
    public ValueTask<IReadOnlyList<FaultEndpoints.FaultView>> List() =>
        new([.. rules.All.Select(rule => new FaultEndpoints.FaultView(rule))]);

    /// <summary>Puts these rules in the place of all.</summary>
    public ValueTask<IReadOnlyList<FaultEndpoints.FaultView>> Replace(FaultList request)
    {
        rules.Add(RulesOf(request), replaces: true);
        return List();
    }

    public ValueTask<IReadOnlyList<FaultEndpoints.FaultView>> Add(FaultList request)
    {
        rules.Add(RulesOf(request));
        return List();
    }

    /// <summary>Removes the rules that say the same as those in the body; all without a body.</summary>
    public ValueTask<IReadOnlyList<FaultEndpoints.FaultView>> Delete(FaultList request)
    {
        FaultDefinition[]? given = request.Faults is null ? null : [.. request.Faults.Select(InFull)];
        rules.Remove(rule => given is null || Array.Exists(given, one => one with { Seed = one.Seed ?? rule.Definition.Seed } == rule.Definition));
        return List();
    }

    private FaultRule[] RulesOf(FaultList request) => [.. (request.Faults ?? []).Select(InFull).Select(catalog.Rule)];

    private static FaultDefinition InFull(FaultDefinition given)
    {
        var full = given with { Operation = given.Notification is null ? given.Operation ?? FaultCatalog.Any : given.Operation };
        return full is { Error: null, Delay: null, Drop: null, Duplicate: null }
            ? full with { Error = new() { StatusCode = ServiceError.ServiceUnavailable.Status, Code = "ServiceUnavailable" } }
            : full with { Error = full.Error is { Name: null, Code: null } error ? error with { Code = "ServiceUnavailable" } : full.Error };
    }
}
