using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// A topic and a payload for each event of the registry. Their times are milliseconds, and what has no name or date is null.
/// Source: the developer guide, "Registry events".
/// </summary>
internal static class RegistryEventTopics
{
    /// <summary>
    /// Where an event is published. Of types of things the guide's list of reserved topics still has another form, without the
    /// operation; this is that of its page on these events.
    /// </summary>
    public static string TopicOf(RegistryEvent told) => "$aws/events/" + told switch
    {
        ThingEvent { Thing: var thing } => $"thing/{thing.ThingName}/{told.Operation}",
        ThingTypeEvent { ThingType: var type } => $"thingType/{type.ThingTypeName}/{told.Operation}",
        ThingTypeAssociationEvent { Thing: var thing } of => $"thingTypeAssociation/thing/{thing.ThingName}/thingType/{of.ThingTypeName}/{told.Operation}",
        ThingGroupEvent { ThingGroup: var group } => $"thingGroup/{group.ThingGroupName}/{told.Operation}",
        ThingGroupMembershipEvent { ThingGroup: var group, Thing: var thing } =>
            $"thingGroupMembership/thingGroup/{group.ThingGroupName}/thing/{thing.ThingName}/{told.Operation}",
        ThingGroupHierarchyEvent { Parent: var parent, Child: var child } =>
            $"thingGroupHierarchy/thingGroup/{parent.ThingGroupName}/childThingGroup/{child.ThingGroupName}/{told.Operation}",
        _ => throw new ArgumentOutOfRangeException(nameof(told)),
    };

    public static byte[] PayloadOf(Tenant tenant, Moment at, RegistryEvent told, Guid eventId)
    {
        var payload = new JsonObject
        {
            ["eventType"] = $"{told.Type}_EVENT",
            ["eventId"] = eventId.ToString("N"), // without hyphens, unlike those of jobs (observed)
            ["timestamp"] = at.Milliseconds,
            ["operation"] = told.Operation.ToString().ToUpperInvariant(),
        };
        if (told is not ThingTypeAssociationEvent)
            payload["accountId"] = tenant.Account;
        foreach (var (name, value) in Members(tenant, told))
            payload[name] = value;
        return JsonSerializer.SerializeToUtf8Bytes(payload, WireJson.Options);
    }

    private static (string Name, JsonNode? Value)[] Members(Tenant tenant, RegistryEvent told) => told switch
    {
        ThingEvent { Thing: var thing } =>
        [
            ("thingId", thing.ThingId),
            ("thingName", thing.ThingName),
            ("versionNumber", thing.Version),
            ("thingTypeName", thing.ThingTypeName),
            ("attributes", Json(thing.Attributes)),
        ],
        ThingTypeEvent { ThingType: var type } =>
        [
            ("thingTypeId", type.ThingTypeId),
            ("thingTypeName", type.ThingTypeName),
            ("isDeprecated", type.IsDeprecated),
            ("deprecationDate", type.DeprecatedAt?.Milliseconds),
            ("searchableAttributes", Json(type.Properties.SearchableAttributes ?? [])),
            ("propagatingAttributes", Json(type.Properties.Mqtt5Configuration?.PropagatingAttributes ?? [])),
            ("description", type.Properties.ThingTypeDescription ?? ""),
        ],
        ThingTypeAssociationEvent { Thing: var thing } of =>
        [
            ("thingId", thing.ThingId),
            ("thingName", thing.ThingName),
            ("thingTypeName", of.ThingTypeName),
        ],
        ThingGroupEvent { ThingGroup: var group, RootToParent: var above } =>
        [
            ("thingGroupId", group.ThingGroupId),
            ("thingGroupName", group.ThingGroupName),
            ("versionNumber", group.Version),
            ("parentGroupName", above is [.., var parent] ? parent.ThingGroupName : null),
            ("parentGroupId", group.ParentGroupId),
            ("description", group.Description ?? ""),
            ("rootToParentThingGroups", new JsonArray([.. above.Select(next => NamedGroup(tenant, next))])),
            ("attributes", Json(group.Attributes)),
            // What a dynamic group is mapped to is not public; all that can be seen of it is that it is an id.
            ("dynamicGroupMappingId", group.IsDynamic ? group.ThingGroupId : null),
        ],
        ThingGroupMembershipEvent { ThingGroup: var group, Thing: var thing } of =>
        [
            ("groupArn", Arn.OfThingGroup(tenant, group.ThingGroupName)),
            ("groupId", group.ThingGroupId),
            ("thingArn", Arn.OfThing(tenant, thing.ThingName)),
            ("thingId", thing.ThingId),
            ("membershipId", of.Membership.MembershipId),
        ],
        ThingGroupHierarchyEvent { Parent: var parent, Child: var child } =>
        [
            ("thingGroupId", parent.ThingGroupId),
            ("thingGroupName", parent.ThingGroupName),
            ("childGroupId", child.ThingGroupId),
            ("childGroupName", child.ThingGroupName),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(told)),
    };

    private static JsonObject NamedGroup(Tenant tenant, ThingGroup group) =>
        new() { ["groupArn"] = Arn.OfThingGroup(tenant, group.ThingGroupName), ["groupId"] = group.ThingGroupId };

    private static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, WireJson.Options);
}
