using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThingGroup.html"/>
public static class DescribeThingGroup
{
    public sealed record Response(
        string ThingGroupName,
        string ThingGroupId,
        string ThingGroupArn,
        long Version,
        ThingGroupProperties ThingGroupProperties,
        ThingGroupMetadata ThingGroupMetadata)
    {
        /// <summary>Of a dynamic group, as the next three.</summary>
        public string? IndexName { get; init; }

        public string? QueryString { get; init; }

        public string? QueryVersion { get; init; }

        /// <summary>BUILDING or REBUILDING while the query is still being asked of the things that there are.</summary>
        public EnumText<DynamicGroupStatus>? Status { get; init; }
    }

    /// <summary>Where a group stands. Source: API_ThingGroupMetadata.</summary>
    public sealed record ThingGroupMetadata(string? ParentGroupName, ValueList<GroupNameAndArn> RootToParentThingGroups, Moment CreationDate);

    /// <summary>Describes a thing group.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">The group.</param>
    public static Response Handle(Realm realm, [ThingGroupName] string thingGroupName)
    {
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        var ancestors = GroupTree.AncestorsAndSelf(realm, group).Skip(1).Select(ancestor => GroupNameAndArn.Of(realm, ancestor)).ToList();
        return new(
            group.ThingGroupName,
            group.ThingGroupId,
            Arn.OfThingGroup(realm, group.ThingGroupName),
            group.Version,
            new() { ThingGroupDescription = group.Description, AttributePayload = group.Attributes.Count > 0 ? new() { Attributes = group.Attributes } : null },
            new(ancestors is [var parent, ..] ? parent.GroupName : null, new(Enumerable.Reverse(ancestors)), group.CreatedAt))
        {
            IndexName = group.IsDynamic ? DynamicGroupQuery.IndexName : null,
            QueryString = group.QueryString,
            QueryVersion = group.IsDynamic ? DynamicGroupQuery.QueryVersion : null,
            Status = group.IsDynamic ? group.Status : null,
        };
    }
}
