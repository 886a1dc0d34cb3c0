using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_AddThingToBillingGroup.html"/>
public static class AddThingToBillingGroup
{
    /// <summary>The group by its name or ARN, and the thing by its name or ARN.</summary>
    public sealed record Request : IStructure
    {
        [BillingGroupName] public string? BillingGroupName { get; init; }

        [BillingGroupArn] public string? BillingGroupArn { get; init; }

        [ThingName] public string? ThingName { get; init; }

        [ThingArn] public string? ThingArn { get; init; }
    }

    public sealed record Response;

    /// <summary>Adds a thing to a billing group. A thing can be in one only. Succeeds also when it is in this one.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var billingGroupName = RegistryLookup.ResolveBillingGroupName(realm, request?.BillingGroupName, request?.BillingGroupArn);
        var thingName = RegistryLookup.ResolveThingName(realm, request?.ThingName, request?.ThingArn);
        var group = RegistryLookup.GetBillingGroup(realm, billingGroupName);
        var thing = RegistryLookup.GetThing(realm, thingName);
        if (thing.BillingGroupName is { } other && other != billingGroupName)
            throw ServiceError.InvalidRequest.Because($"Thing {thingName} cannot be added to billing group {billingGroupName}: it is in billing group {other}.");

        realm.Things.Change(thing.Key, next => next.BillingGroupName is null ? next with { BillingGroupName = group.BillingGroupName } : next);
        return new();
    }
}
