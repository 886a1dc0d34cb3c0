using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Operations.ThingTypes;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingTypes;

public sealed class ThingTypesTests
{
    private static readonly ThingTypeProperties Properties = new()
    {
        ThingTypeDescription = "pumps",
        SearchableAttributes = ["site", "model"],
        Mqtt5Configuration = new() { PropagatingAttributes = [new() { UserPropertyKey = "site", ThingAttribute = "site" }] },
    };

    private readonly TestRealm _test = new();

    [Fact]
    public void Members_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'a b' at 'thingTypeName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            @"Value 'ü' at 'thingTypeProperties.thingTypeDescription': satisfy regular expression pattern: [\p{Graph}\x20]*",
            "Value '[a b]' at 'thingTypeProperties.searchableAttributes': satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#-]+]",
            "Value 'a b' at 'thingTypeProperties.mqtt5Configuration.propagatingAttributes.1.member.userPropertyKey': satisfy regular expression pattern: [a-zA-Z0-9:$.]+",
            "Value 'a$' at 'thingTypeProperties.mqtt5Configuration.propagatingAttributes.1.member.connectionAttribute': satisfy regular expression pattern: [a-zA-Z0-9:.]+",
        ],
        TestRealm.Violations(CreateThingType.Handle, null, "a b", new CreateThingType.Request
        {
            ThingTypeProperties = new()
            {
                ThingTypeDescription = "ü",
                SearchableAttributes = ["a b"],
                Mqtt5Configuration = new() { PropagatingAttributes = [new() { UserPropertyKey = "a b", ConnectionAttribute = "a$" }] },
            },
        }));

    [Fact]
    public void A_new_type_is_kept_its_searchable_attributes_sorted()
    {
        Assert.Equal(new("pump", $"{ArnPrefix}thingtype/pump", TestRealm.Id(1)), Create(Properties));

        Assert.Equal(
            new("pump", TestRealm.Id(1), $"{ArnPrefix}thingtype/pump", Properties with { SearchableAttributes = ["model", "site"] }, new(false, null, Start)),
            DescribeThingType.Handle(_test, "pump"));
    }

    [Fact]
    public void The_same_configuration_succeeds_again_and_changes_nothing()
    {
        var first = Create(Properties);
        _test.Commit();

        Assert.Equal(first, Create(Properties with { SearchableAttributes = ["model", "site"] }));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void Another_configuration_is_refused()
    {
        Create(Properties);

        foreach (var other in new[] { null, Properties with { ThingTypeDescription = "other" }, Properties with { SearchableAttributes = ["site"] }, Properties with { Mqtt5Configuration = null } })
        {
            var refusal = _test.AssertRefused(ServiceError.ResourceAlreadyExists, "ThingType pump already exists in account with different properties", () => Create(other));
            Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", $"{ArnPrefix}thingtype/pump")), refusal.Members);
        }
    }

    [Fact]
    public void A_type_that_is_not_there_is_refused()
    {
        Action[] operations =
        [
            () => DescribeThingType.Handle(_test, "pump"),
            () => UpdateThingType.Handle(_test, "pump", null),
            () => DeprecateThingType.Handle(_test, "pump", null),
            () => DeleteThingType.Handle(_test, "pump"),
            () => CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" }),
        ];
        foreach (var operation in operations)
            _test.AssertRefused(ServiceError.ResourceNotFound, "Thing type pump cannot be found.", operation);
    }

    [Fact]
    public void Types_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "valve", "pump", "fan" })
            _test.CreateThingType(name);

        Assert.Equal(["fan pump", "valve"], Pages(token => List(2, token, null)));
        Assert.Equal(["pump"], Pages(token => List(null, token, "pump")));
        Assert.Equal([""], Pages(token => List(null, token, "pum")));
        Assert.Equal(new("fan", $"{ArnPrefix}thingtype/fan", new(), new(false, null, Start)), ListThingTypes.Handle(_test, null, 1, null).ThingTypes[0]);
    }

    [Fact]
    public void An_update_changes_what_it_gives()
    {
        Create(Properties);

        Assert.Equal(new(), Update(new() { SearchableAttributes = ["z", "a"] }));
        Assert.Equal(Properties with { SearchableAttributes = ["a", "z"] }, Described.ThingTypeProperties);
        Update(new() { ThingTypeDescription = "other", Mqtt5Configuration = new() });
        Assert.Equal(new() { ThingTypeDescription = "other", SearchableAttributes = ["a", "z"], Mqtt5Configuration = new() }, Described.ThingTypeProperties);
        _test.Commit();
        Update(null);
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void No_thing_can_be_given_a_deprecated_type_and_those_that_have_it_keep_it()
    {
        _test.CreateThingType("pump");
        _test.CreateThing("pump-1", "pump");
        _test.CreateThing("fan-1");
        Deprecate();

        const string message = "Thing type pump is deprecated: no thing can be given it.";
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateThing.Handle(_test, "pump-2", new() { ThingTypeName = "pump" }));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => UpdateThing.Handle(_test, "fan-1", new() { ThingTypeName = "pump" }));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Thing type fan cannot be found.", () => UpdateThing.Handle(_test, "fan-1", new() { ThingTypeName = "fan" }));
        UpdateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" });
        _test.SetAttribute("pump-1", "site", "north");
        _test.CreateThing("pump-1", "pump", ("site", "north"));

        Deprecate(undo: true);
        _test.CreateThing("pump-2", "pump");
        UpdateThing.Handle(_test, "fan-1", new() { ThingTypeName = "pump" });
    }

    [Fact]
    public void A_deprecation_has_its_date_until_it_is_undone()
    {
        _test.CreateThingType("pump");
        _test.Jump(Minutes(1));
        Deprecate();
        var at = _test.World.Now;
        _test.Jump(Minutes(1));
        Deprecate();

        Assert.Equal(new(true, at, Start), Described.ThingTypeMetadata);
        Deprecate(undo: true);
        Assert.Equal(new(false, null, Start), Described.ThingTypeMetadata);
    }

    [Fact]
    public void A_type_is_deleted_five_minutes_after_its_deprecation_without_things_of_it()
    {
        _test.CreateThingType("pump");
        _test.CreateThing("pump-1", "pump");
        AssertNotDeleted("Cannot delete thing type : pump. The thing type must be deprecated before it can be deleted");
        Deprecate();
        _test.Jump(Minutes(5) - Milliseconds(1));
        AssertNotDeleted("Cannot delete thing type : pump. Please wait for 5 minutes after deprecation and then retry");
        _test.Jump(Milliseconds(1));
        AssertNotDeleted("Cannot delete thing type : pump when there are still things of it");
        UpdateThing.Handle(_test, "pump-1", new() { RemoveThingType = true });

        Assert.Equal(new(), DeleteThingType.Handle(_test, "pump"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing type pump cannot be found.", () => DescribeThingType.Handle(_test, "pump"));
    }

    private DescribeThingType.Response Described => DescribeThingType.Handle(_test, "pump");

    private CreateThingType.Response Create(ThingTypeProperties? properties) => CreateThingType.Handle(_test, "pump", new() { ThingTypeProperties = properties });

    private UpdateThingType.Response Update(ThingTypeProperties? properties) => UpdateThingType.Handle(_test, "pump", new() { ThingTypeProperties = properties });

    private void Deprecate(bool? undo = null) => Assert.Equal(new(), DeprecateThingType.Handle(_test, "pump", new() { UndoDeprecate = undo }));

    private void AssertNotDeleted(string message) => _test.AssertRefused(ServiceError.InvalidRequest, message, () => DeleteThingType.Handle(_test, "pump"));

    private (IEnumerable<string>, string?) List(int? maxResults, string? token, string? name)
    {
        var page = ListThingTypes.Handle(_test, token, maxResults, name);
        return (page.ThingTypes.Select(type => type.ThingTypeName), page.NextToken);
    }
}
