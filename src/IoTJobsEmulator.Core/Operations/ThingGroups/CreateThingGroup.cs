using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThingGroup.html"/>
public static class CreateThingGroup
{
    public sealed record Request : IStructure
    {
        /// <summary>At most 7 groups from the root down, 100 directly below one.</summary>
        [ThingGroupName] public string? ParentGroupName { get; init; }

        public ThingGroupProperties? ThingGroupProperties { get; init; }

        [TagList] public ValueList<Tag>? Tags { get; init; }
    }

    public sealed record Response(string ThingGroupName, string ThingGroupArn, string ThingGroupId);

    /// <summary>Creates a thing group. Doing so again with the same properties succeeds, with others it is refused.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">A name for the group; it cannot be changed.</param>
    /// <param name="request">Parent and properties. The parent cannot be changed.</param>
    public static Response Handle(Realm realm, [ThingGroupName] string thingGroupName, Request? request)
    {
        var properties = request?.ThingGroupProperties;
        var attributes = properties?.AttributePayload?.AppliedTo(ValueMap.Empty) ?? ValueMap.Empty;
        AttributePayload.RefuseTooManyOfThingGroup(attributes);
        Tagging.Check(request?.Tags, ServiceError.InvalidRequest);

        // The service model has no ResourceNotFoundException here, but no other error would say what is missing.
        var parent = request?.ParentGroupName is { } parentName ? RegistryLookup.GetThingGroup(realm, parentName) : null;
        if (RegistryLookup.FindThingGroup(realm, thingGroupName) is not { } group)
        {
            realm.ThingGroups.Put(group = Below(realm, parent, thingGroupName, properties?.ThingGroupDescription, attributes));
            Tagging.Create(realm, Arn.OfThingGroup(realm, thingGroupName), request?.Tags);
        }
        else if (group.IsDynamic
            || group.ParentGroupId != parent?.ThingGroupId
            || group.Description != properties?.ThingGroupDescription
            || !group.Attributes.Equals(attributes))
        {
            var message = $"Thing Group {thingGroupName} already exists in current account with different properties"; // observed: getmoto/moto#5316
            throw new ServiceException(ServiceError.ResourceAlreadyExists, message)
            {
                Members = new ValueMap([new("resourceId", group.ThingGroupId), new("resourceArn", Arn.OfThingGroup(realm, thingGroupName))]),
            };
        }
        return new(group.ThingGroupName, Arn.OfThingGroup(realm, group.ThingGroupName), group.ThingGroupId);
    }

    private static ThingGroup Below(Realm realm, ThingGroup? parent, string thingGroupName, string? description, ValueMap attributes)
    {
        if (parent is { IsDynamic: true })
            throw ServiceError.InvalidRequest.Because($"Thing group {parent.ThingGroupName} cannot have child groups: it is a dynamic group.");
        if (parent is not null && GroupTree.DepthOf(parent) == GroupTree.MaxDepth)
            throw ServiceError.InvalidRequest.Because(
                $"Thing group {parent.ThingGroupName} cannot have child groups: the maximum depth of a group hierarchy is {GroupTree.MaxDepth}");
        if (parent is not null && GroupTree.ChildrenOf(realm, parent).Count() >= GroupTree.MaxChildren)
            throw ServiceError.InvalidRequest.Because(
                $"Thing group {parent.ThingGroupName} has the maximum number of direct child groups: {GroupTree.MaxChildren}");
        var id = realm.NewId();
        return new()
        {
            ThingGroupId = id,
            ThingGroupName = thingGroupName,
            Ordinal = realm.NextOrdinal(),
            ParentGroupId = parent?.ThingGroupId,
            Path = $"{parent?.Path}{id}/",
            Description = description,
            Attributes = attributes,
            CreatedAt = realm.Now,
        };
    }
}
