using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Topic and payload of each registry event. Times are in milliseconds, and a missing name or date is null.
/// Source: the developer guide, "Registry events".
/// </summary>
internal static class RegistryEventTopics
{
    /// <summary>
    /// The topic of an event. For the type of a thing, the guide documents two topics. This is the one on its page "Registry events"; its
    /// list of reserved topics has another one, without the operation.
    /// </summary>
    public static string TopicOf(RegistryEvent registryEvent) => "$aws/events/" + registryEvent switch
    {
        ThingEvent { Thing: var thing } => $"thing/{thing.ThingName}/{registryEvent.Operation}",
        ThingTypeEvent { ThingType: var type } => $"thingType/{type.ThingTypeName}/{registryEvent.Operation}",
        ThingTypeAssociationEvent { Thing: var thing } association =>
            $"thingTypeAssociation/thing/{thing.ThingName}/thingType/{association.ThingTypeName}/{registryEvent.Operation}",
        ThingGroupEvent { ThingGroup: var group } => $"thingGroup/{group.ThingGroupName}/{registryEvent.Operation}",
        ThingGroupMembershipEvent { ThingGroup: var group, Thing: var thing } =>
            $"thingGroupMembership/thingGroup/{group.ThingGroupName}/thing/{thing.ThingName}/{registryEvent.Operation}",
        ThingGroupHierarchyEvent { Parent: var parent, Child: var child } =>
            $"thingGroupHierarchy/thingGroup/{parent.ThingGroupName}/childThingGroup/{child.ThingGroupName}/{registryEvent.Operation}",
        _ => throw new ArgumentOutOfRangeException(nameof(registryEvent)),
    };

    public static byte[] PayloadOf(Tenant tenant, Moment at, RegistryEvent registryEvent, Guid eventId)
    {
        var payload = new JsonObject
        {
            ["eventType"] = $"{registryEvent.Type}_EVENT",
            ["eventId"] = eventId.ToString("N"), // without hyphens, unlike those of jobs (observed)
            ["timestamp"] = at.Milliseconds,
            ["operation"] = registryEvent.Operation.ToString().ToUpperInvariant(),
        };
        if (registryEvent is not ThingTypeAssociationEvent)
            payload["accountId"] = tenant.Account;
        foreach (var (name, value) in Members(tenant, registryEvent))
            payload[name] = value;
        return JsonSerializer.SerializeToUtf8Bytes(payload, WireJson.Options);
    }

    private static (string Name, JsonNode? Value)[] Members(Tenant tenant, RegistryEvent registryEvent) => registryEvent switch
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
        ThingTypeAssociationEvent { Thing: var thing } association =>
        [
            ("thingId", thing.ThingId),
            ("thingName", thing.ThingName),
            ("thingTypeName", association.ThingTypeName),
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
            // AWS does not document this id, only that dynamic groups have one.
            ("dynamicGroupMappingId", group.IsDynamic ? group.ThingGroupId : null),
        ],
        ThingGroupMembershipEvent { ThingGroup: var group, Thing: var thing } membershipEvent =>
        [
            ("groupArn", Arn.OfThingGroup(tenant, group.ThingGroupName)),
            ("groupId", group.ThingGroupId),
            ("thingArn", Arn.OfThing(tenant, thing.ThingName)),
            ("thingId", thing.ThingId),
            ("membershipId", membershipEvent.Membership.MembershipId),
        ],
        ThingGroupHierarchyEvent { Parent: var parent, Child: var child } =>
        [
            ("thingGroupId", parent.ThingGroupId),
            ("thingGroupName", parent.ThingGroupName),
            ("childGroupId", child.ThingGroupId),
            ("childGroupName", child.ThingGroupName),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(registryEvent)),
    };

    private static JsonObject NamedGroup(Tenant tenant, ThingGroup group) =>
        new() { ["groupArn"] = Arn.OfThingGroup(tenant, group.ThingGroupName), ["groupId"] = group.ThingGroupId };

    private static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, WireJson.Options);
}
