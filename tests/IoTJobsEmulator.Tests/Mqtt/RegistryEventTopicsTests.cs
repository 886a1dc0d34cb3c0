using System.Text;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Mqtt;
using static IoTJobsEmulator.Core.Lifecycle.RegistryOperation;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The exact message of each registry event. Source: the developer guide, "Registry events".</summary>
public sealed class RegistryEventTopicsTests
{
    private const string EventId = "0b0f0da79f094fe57552659749a0590f";

    private static readonly Moment At = new(1767268800_500);

    private static readonly Thing Pump = new()
    {
        ThingName = "pump-1",
        ThingId = "pump-1-id",
        Ordinal = 1,
        Version = 3,
        ThingTypeName = "pump",
        Attributes = new([new("site", "north")]),
    };

    private static readonly ThingGroup Plant = Group("plant"), Site = Group("site", Plant) with { Version = 2, Description = "the yard", Attributes = new([new("zone", "b")]) };

    private readonly Realm _realm = new World(() => Guid.Empty).Realm("123456789012", "us-east-1");

    [Fact]
    public void A_thing()
    {
        AssertMessage(
            "$aws/events/thing/pump-1/updated",
            "THING_EVENT", "UPDATED",
            """,{ACCOUNT},"thingId":"pump-1-id","thingName":"pump-1","versionNumber":3,"thingTypeName":"pump","attributes":{"site":"north"}""",
            new ThingEvent(updated, Pump));
        AssertMessage(
            "$aws/events/thing/pump-1/created",
            "THING_EVENT", "CREATED",
            """,{ACCOUNT},"thingId":"pump-1-id","thingName":"pump-1","versionNumber":3,"thingTypeName":null,"attributes":{}""",
            new ThingEvent(created, Pump with { ThingTypeName = null, Attributes = ValueMap.Empty }));
    }

    [Fact]
    public void A_thing_type()
    {
        var type = new ThingType { ThingTypeName = "pump", ThingTypeId = "pump-id", Ordinal = 1, CreatedAt = At };
        AssertMessage(
            "$aws/events/thingType/pump/created",
            "THING_TYPE_EVENT", "CREATED",
            """,{ACCOUNT},"thingTypeId":"pump-id","thingTypeName":"pump","isDeprecated":false,"deprecationDate":null,"searchableAttributes":[],"propagatingAttributes":[],"description":"" """,
            new ThingTypeEvent(created, type));
        AssertMessage(
            "$aws/events/thingType/pump/deleted",
            "THING_TYPE_EVENT", "DELETED",
            """,{ACCOUNT},"thingTypeId":"pump-id","thingTypeName":"pump","isDeprecated":true,"deprecationDate":1767268800500,"searchableAttributes":["model"],"propagatingAttributes":[{"userPropertyKey":"key","thingAttribute":"model"},{"userPropertyKey":"id","connectionAttribute":"iot:ClientId"}],"description":"all pumps" """,
            new ThingTypeEvent(deleted, type with
            {
                DeprecatedAt = At,
                Properties = new()
                {
                    ThingTypeDescription = "all pumps",
                    SearchableAttributes = ["model"],
                    Mqtt5Configuration = new()
                    {
                        PropagatingAttributes = [new() { UserPropertyKey = "key", ThingAttribute = "model" }, new() { UserPropertyKey = "id", ConnectionAttribute = "iot:ClientId" }],
                    },
                },
            }));
    }

    [Fact]
    public void A_type_of_a_thing_without_the_account() => AssertMessage(
        "$aws/events/thingTypeAssociation/thing/pump-1/thingType/valve/removed",
        "THING_TYPE_ASSOCIATION_EVENT", "REMOVED",
        ""","thingId":"pump-1-id","thingName":"pump-1","thingTypeName":"valve" """,
        new ThingTypeAssociationEvent(removed, Pump, "valve"));

    [Fact]
    public void A_group()
    {
        AssertMessage(
            "$aws/events/thingGroup/plant/created",
            "THING_GROUP_EVENT", "CREATED",
            """,{ACCOUNT},"thingGroupId":"plant-id","thingGroupName":"plant","versionNumber":1,"parentGroupName":null,"parentGroupId":null,"description":"","rootToParentThingGroups":[],"attributes":{},"dynamicGroupMappingId":null""",
            new ThingGroupEvent(created, Plant, []));
        AssertMessage(
            "$aws/events/thingGroup/hall/updated",
            "THING_GROUP_EVENT", "UPDATED",
            """,{ACCOUNT},"thingGroupId":"hall-id","thingGroupName":"hall","versionNumber":1,"parentGroupName":"site","parentGroupId":"site-id","description":"","rootToParentThingGroups":[{"groupArn":"arn:aws:iot:us-east-1:123456789012:thinggroup/plant","groupId":"plant-id"},{"groupArn":"arn:aws:iot:us-east-1:123456789012:thinggroup/site","groupId":"site-id"}],"attributes":{},"dynamicGroupMappingId":null""",
            new ThingGroupEvent(updated, Group("hall", Site), [Plant, Site]));
        AssertMessage(
            "$aws/events/thingGroup/site/deleted",
            "THING_GROUP_EVENT", "DELETED",
            """,{ACCOUNT},"thingGroupId":"site-id","thingGroupName":"site","versionNumber":2,"parentGroupName":null,"parentGroupId":null,"description":"the yard","rootToParentThingGroups":[],"attributes":{"zone":"b"},"dynamicGroupMappingId":"site-id" """,
            new ThingGroupEvent(deleted, Site with { ParentGroupId = null, QueryString = "*" }, []));
    }

    [Fact]
    public void A_thing_in_a_group()
    {
        var stay = new Membership { ThingGroupId = "site-id", ThingName = "pump-1", Ordinal = 7 };
        AssertMessage(
            "$aws/events/thingGroupMembership/thingGroup/site/thing/pump-1/added",
            "THING_GROUP_MEMBERSHIP_EVENT", "ADDED",
            $$""","accountId":"123456789012","groupArn":"arn:aws:iot:us-east-1:123456789012:thinggroup/site","groupId":"site-id","thingArn":"arn:aws:iot:us-east-1:123456789012:thing/pump-1","thingId":"pump-1-id","membershipId":"{{stay.MembershipId}}" """,
            new ThingGroupMembershipEvent(added, Site, Pump, stay));
    }

    [Fact]
    public void A_group_below_a_group() => AssertMessage(
        "$aws/events/thingGroupHierarchy/thingGroup/plant/childThingGroup/site/removed",
        "THING_GROUP_HIERARCHY_EVENT", "REMOVED",
        """,{ACCOUNT},"thingGroupId":"plant-id","thingGroupName":"plant","childGroupId":"site-id","childGroupName":"site" """,
        new ThingGroupHierarchyEvent(removed, Plant, Site));

    private void AssertMessage(string topic, string type, string operation, string rest, RegistryEvent registryEvent)
    {
        var (actualTopic, payload) = new EventTopics(() => Guid.Parse(EventId)).MessageOf(_realm.Tenant, At, registryEvent);
        Assert.Equal(topic, actualTopic);
        Assert.Equal(
            $$"""{"eventType":"{{type}}","eventId":"{{EventId}}","timestamp":1767268800500,"operation":"{{operation}}"{{rest.TrimEnd().Replace("{ACCOUNT}", "\"accountId\":\"123456789012\"", StringComparison.Ordinal)}}}""",
            Encoding.UTF8.GetString(payload.Bytes.Span));
    }

    private static ThingGroup Group(string name, ThingGroup? parent = null) => new()
    {
        ThingGroupId = $"{name}-id",
        ThingGroupName = name,
        Ordinal = 1,
        ParentGroupId = parent?.ThingGroupId,
        Path = $"{parent?.Path}{name}-id/",
        CreatedAt = At,
    };
}
