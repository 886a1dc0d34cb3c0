using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateThingGroupsForThing.html"/>
public static class UpdateThingGroupsForThing
{
    public sealed record Request : IStructure
    {
        [ThingName] public string? ThingName { get; init; }

        [ThingGroupList] public ValueList<string>? ThingGroupsToAdd { get; init; }

        [ThingGroupList] public ValueList<string>? ThingGroupsToRemove { get; init; }

        /// <summary>Whether a thing that is in ten groups leaves the dynamic group that it joined last, to make room.</summary>
        public bool? OverrideDynamicGroups { get; init; }
    }

    public sealed record Response;

    /// <summary>Updates the groups to which a thing belongs: first it leaves groups, then it joins others, all or none.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var thingName = request?.ThingName ?? throw ServiceError.InvalidRequest.Because("thingName must be specified.");
        var thing = RegistryLookup.GetThing(realm, thingName);
        var toRemove = (request.ThingGroupsToRemove ?? []).Select(name => RegistryLookup.GetThingGroup(realm, name)).ToList();
        var toAdd = (request.ThingGroupsToAdd ?? []).Select(name => RegistryLookup.GetThingGroup(realm, name)).ToList();

        // AWS does not say what counts first. If it were joining, a thing in ten groups, or in a group of the same hierarchy,
        // could not be moved in one call. A refused join undoes the turn, and the leaving with it.
        foreach (var group in toRemove)
            GroupMembership.Leave(realm, thing, group);
        foreach (var group in toAdd)
            GroupMembership.Join(realm, thing, group, request.OverrideDynamicGroups is true);
        return new();
    }
}
