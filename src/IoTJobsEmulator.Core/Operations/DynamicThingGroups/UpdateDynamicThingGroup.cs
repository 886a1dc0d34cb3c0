using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.DynamicThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateDynamicThingGroup.html"/>
public static class UpdateDynamicThingGroup
{
    public sealed record Request : IStructure
    {
        [Required] public ThingGroupProperties? ThingGroupProperties { get; init; }

        /// <summary>The update is refused when the group has another version.</summary>
        [OptionalVersion] public long? ExpectedVersion { get; init; }

        /// <summary>AWS_Things.</summary>
        [IndexName] public string? IndexName { get; init; }

        /// <summary>A new query, by which things join and leave.</summary>
        [QueryString] public string? QueryString { get; init; }

        /// <summary>2017-09-30.</summary>
        [QueryVersion] public string? QueryVersion { get; init; }
    }

    public sealed record Response(long Version);

    /// <summary>Updates a dynamic thing group. What is not given stays as it is; the version grows by one.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">The group.</param>
    /// <param name="request">What is to change.</param>
    public static Response Handle(Realm realm, [Required, ThingGroupName] string thingGroupName, Request? request)
    {
        var properties = request!.ThingGroupProperties!;
        DynamicGroupQuery.Check(request.IndexName, request.QueryVersion);
        if (request.QueryString is { } query)
            ThingQuery.Parse(query);
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        RegistryLookup.RefuseStatic(group);
        RegistryLookup.RefuseOtherVersion(request.ExpectedVersion, group.Version);
        var attributes = properties.AttributePayload?.AppliedTo(group.Attributes) ?? group.Attributes;
        AttributePayload.RefuseTooManyOfThingGroup(attributes);

        var updated = realm.ThingGroups.Change(
            group.Key,
            next => next with { Description = properties.ThingGroupDescription ?? next.Description, Attributes = attributes, Version = next.Version + 1 }).After!;
        if (request.QueryString is { } other && other != group.QueryString)
        {
            var requeried = realm.ThingGroups.Change(group.Key, next => next with { QueryString = other, IsQueryUpdated = true, LastEvaluatedThingName = "" });
            DynamicGroups.Begin(realm, requeried.After!);
        }
        return new(updated.Version);
    }
}
