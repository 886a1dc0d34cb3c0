using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.DynamicThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateDynamicThingGroup.html"/>
public static class CreateDynamicThingGroup
{
    public sealed record Request : IStructure
    {
        public ThingGroupProperties? ThingGroupProperties { get; init; }

        /// <summary>AWS_Things, which is also the default.</summary>
        [IndexName] public string? IndexName { get; init; }

        /// <summary>
        /// What finds the members: thingName, thingTypeName, thingGroupNames and attributes.NAME, with AND, OR, NOT, parentheses
        /// and wildcards. Nothing else can be decided from the registry.
        /// </summary>
        [Required, QueryString] public string? QueryString { get; init; }

        /// <summary>2017-09-30, which is also the default.</summary>
        [QueryVersion] public string? QueryVersion { get; init; }

        [TagList] public ValueList<Tag>? Tags { get; init; }
    }

    public sealed record Response(string ThingGroupName, string ThingGroupArn, string ThingGroupId, string IndexName, string QueryString, string QueryVersion);

    /// <summary>Creates a dynamic thing group. Doing so again with the same properties and query succeeds, with others it is refused.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">A name for the group; it cannot be changed.</param>
    /// <param name="request">Query and properties.</param>
    public static Response Handle(Realm realm, [Required, ThingGroupName] string thingGroupName, Request? request)
    {
        var query = request!.QueryString!;
        var description = request.ThingGroupProperties?.ThingGroupDescription;
        var attributes = request.ThingGroupProperties?.AttributePayload?.AppliedTo(ValueMap.Empty) ?? ValueMap.Empty;
        AttributePayload.RefuseTooManyOfThingGroup(attributes);
        Tagging.Check(request.Tags, ServiceError.LimitExceeded);
        DynamicGroupQuery.Check(request.IndexName, request.QueryVersion);
        ThingQuery.Parse(query);

        var arn = Arn.OfThingGroup(realm, thingGroupName);
        if (RegistryLookup.FindThingGroup(realm, thingGroupName) is not { } group)
        {
            realm.ThingGroups.Put(group = New(realm, thingGroupName, query, description, attributes));
            Tagging.Create(realm, arn, request.Tags);
            DynamicGroups.Begin(realm, group);
        }
        else if ((group.QueryString, group.Description) != (query, description) || !group.Attributes.Equals(attributes))
        {
            throw new ServiceException(ServiceError.ResourceAlreadyExists, $"Thing Group {thingGroupName} already exists in current account with different properties")
            {
                Members = new ValueMap([new("resourceId", group.ThingGroupId), new("resourceArn", arn)]),
            };
        }
        return new(thingGroupName, arn, group.ThingGroupId, DynamicGroupQuery.IndexName, query, DynamicGroupQuery.QueryVersion);
    }

    private static ThingGroup New(Realm realm, string thingGroupName, string query, string? description, ValueMap attributes)
    {
        if (realm.ThingGroups.Dynamic.Count >= DynamicGroups.MaxGroups)
            throw ServiceError.LimitExceeded.Because($"The number of dynamic thing groups cannot be more than {DynamicGroups.MaxGroups}.");
        var id = realm.NewId();
        return new()
        {
            ThingGroupId = id,
            ThingGroupName = thingGroupName,
            Ordinal = realm.NextOrdinal(),
            Path = $"{id}/",
            Description = description,
            Attributes = attributes,
            CreatedAt = realm.Now,
            QueryString = query,
            LastEvaluatedThingName = "",
        };
    }
}
