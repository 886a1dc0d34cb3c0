using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_RemoveThingFromThingGroup.html"/>
public static class RemoveThingFromThingGroup
{
    /// <summary>The group by its name or ARN, and the thing by its name or ARN.</summary>
    public sealed record Request : IStructure
    {
        [ThingGroupName] public string? ThingGroupName { get; init; }

        [ThingGroupArn] public string? ThingGroupArn { get; init; }

        [ThingName] public string? ThingName { get; init; }

        [ThingArn] public string? ThingArn { get; init; }
    }

    public sealed record Response;

    /// <summary>Removes a thing from a thing group. Succeeds also when it is not in the group.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var thingGroupName = RegistryLookup.ResolveThingGroupName(realm, request?.ThingGroupName, request?.ThingGroupArn);
        var thingName = RegistryLookup.ResolveThingName(realm, request?.ThingName, request?.ThingArn);
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        var thing = RegistryLookup.GetThing(realm, thingName);

        GroupMembership.Leave(realm, thing, group);
        return new();
    }
}
