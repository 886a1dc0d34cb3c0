using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateThingGroup.html"/>
public static class UpdateThingGroup
{
    public sealed record Request : IStructure
    {
        [Required] public ThingGroupProperties? ThingGroupProperties { get; init; }

        /// <summary>The update is refused when the group has another version.</summary>
        [OptionalVersion] public long? ExpectedVersion { get; init; }
    }

    public sealed record Response(long Version);

    /// <summary>Updates a thing group. What is not given stays as it is; the version grows by one.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">The group.</param>
    /// <param name="request">What is to change.</param>
    public static Response Handle(Realm realm, [ThingGroupName] string thingGroupName, Request request)
    {
        var properties = request.ThingGroupProperties!;
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        RegistryLookup.RefuseDynamic(group);
        RegistryLookup.RefuseOtherVersion(request.ExpectedVersion, group.Version);

        var description = properties.ThingGroupDescription ?? group.Description;
        var attributes = properties.AttributePayload?.AppliedTo(group.Attributes) ?? group.Attributes;
        AttributePayload.RefuseTooManyOfThingGroup(attributes);

        var change = realm.ThingGroups.Change(
            group.Key,
            next => next with { Description = description, Attributes = attributes, Version = next.Version + 1 });
        return new(change.After!.Version);
    }
}
