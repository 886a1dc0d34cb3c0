using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_AddThingToThingGroup.html"/>
public static class AddThingToThingGroup
{
    /// <summary>The group by its name or ARN, and the thing by its name or ARN.</summary>
    public sealed record Request : IStructure
    {
        [ThingGroupName] public string? ThingGroupName { get; init; }

        [ThingGroupArn] public string? ThingGroupArn { get; init; }

        [ThingName] public string? ThingName { get; init; }

        [ThingArn] public string? ThingArn { get; init; }

        /// <summary>Whether a thing that is in ten groups leaves the dynamic group that it joined last, to make room.</summary>
        public bool? OverrideDynamicGroups { get; init; }
    }

    public sealed record Response;

    /// <summary>Adds a thing to a thing group. A thing may be in 10 groups, and in one group of a hierarchy.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var thingGroupName = RegistryLookup.ResolveThingGroupName(realm, request?.ThingGroupName, request?.ThingGroupArn);
        var thingName = RegistryLookup.ResolveThingName(realm, request?.ThingName, request?.ThingArn);
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        var thing = RegistryLookup.GetThing(realm, thingName);

        GroupMembership.Join(realm, thing, group, request?.OverrideDynamicGroups is true);
        return new();
    }
}
