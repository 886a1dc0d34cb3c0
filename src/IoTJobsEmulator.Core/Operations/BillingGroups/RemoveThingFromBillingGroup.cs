using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_RemoveThingFromBillingGroup.html"/>
public static class RemoveThingFromBillingGroup
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

    /// <summary>Removes a thing from a billing group. Succeeds also when it is not in the group.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var billingGroupName = RegistryLookup.ResolveBillingGroupName(realm, request?.BillingGroupName, request?.BillingGroupArn);
        var thingName = RegistryLookup.ResolveThingName(realm, request?.ThingName, request?.ThingArn);
        var group = RegistryLookup.GetBillingGroup(realm, billingGroupName);
        var thing = RegistryLookup.GetThing(realm, thingName);

        realm.Things.Change(thing.Key, next => next.BillingGroupName == group.BillingGroupName ? next with { BillingGroupName = null } : next);
        return new();
    }
}
