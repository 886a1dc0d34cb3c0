using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThingGroup.html"/>
public static class DeleteThingGroup
{
    public sealed record Response;

    /// <summary>Deletes a thing group that has no child groups; its things leave it. Succeeds also when there is none of this name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">A group without child groups.</param>
    /// <param name="expectedVersion">The deletion is refused when the group has another version.</param>
    public static Response Handle(Realm realm, [ThingGroupName] string thingGroupName, [OptionalVersion] long? expectedVersion)
    {
        if (RegistryLookup.FindThingGroup(realm, thingGroupName) is not { } group)
            return new();
        RegistryLookup.RefuseDynamic(group);
        RegistryLookup.RefuseOtherVersion(expectedVersion, group.Version);
        if (GroupTree.ChildrenOf(realm, group).Any())
            throw ServiceError.InvalidRequest.Because(
                $"Cannot delete thing group : {thingGroupName} when there are still child groups attached to it.");

        var change = realm.ThingGroups.Change(group.Key, next => next with { IsDeleted = true });
        realm.ResourceTags.RemoveIfPresent(Arn.OfThingGroup(realm, thingGroupName));
        RegistryDeletion.DeleteGroup(realm, change.After!);
        return new();
    }
}
