using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.DynamicThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteDynamicThingGroup.html"/>
public static class DeleteDynamicThingGroup
{
    public sealed record Response;

    /// <summary>Deletes a dynamic thing group; its things leave it. Succeeds also when there is none of this name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">A dynamic group.</param>
    /// <param name="expectedVersion">The deletion is refused when the group has another version.</param>
    public static Response Handle(Realm realm, [Required, ThingGroupName] string thingGroupName, [OptionalVersion] long? expectedVersion)
    {
        if (RegistryLookup.FindThingGroup(realm, thingGroupName) is not { } group)
            return new();
        RegistryLookup.RefuseStatic(group);
        RegistryLookup.RefuseOtherVersion(expectedVersion, group.Version);

        var change = realm.ThingGroups.Change(group.Key, next => next with { IsDeleted = true });
        realm.ResourceTags.RemoveIfPresent(Arn.OfThingGroup(realm, thingGroupName));
        RegistryDeletion.DeleteGroup(realm, change.After!);
        return new();
    }
}
