using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Operations.ThingTypes;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingTypes;

public sealed class ThingTypesTests
{
    private static readonly ThingTypeProperties Properties = new()
    {
        ThingTypeDescription = "pumps",
        SearchableAttributes = ["site", "model"],
        Mqtt5Configuration = new() { PropagatingAttributes = [new() { UserPropertyKey = "site", ThingAttribute = "site" }] },
    };

    private readonly TestRealm _realm = new();

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
        Assert.Equal(new("pump", $"{Here}thingtype/pump", TestRealm.Id(1)), Create(Properties));

        Assert.Equal(
            new("pump", TestRealm.Id(1), $"{Here}thingtype/pump", Properties with { SearchableAttributes = ["model", "site"] }, new(false, null, TestRealm.Start)),
            DescribeThingType.Handle(_realm, "pump"));
    }

    [Fact]
    public void The_same_configuration_succeeds_again_and_changes_nothing()
    {
        var first = Create(Properties);
        _realm.TakeChanges();

        Assert.Equal(first, Create(Properties with { SearchableAttributes = ["model", "site"] }));
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void Another_configuration_is_refused()
    {
        Create(Properties);

        foreach (var other in new[] { null, Properties with { ThingTypeDescription = "other" }, Properties with { SearchableAttributes = ["site"] }, Properties with { Mqtt5Configuration = null } })
        {
            var refusal = _realm.AssertRefused(ServiceError.ResourceAlreadyExists, "ThingType pump already exists in account with different properties", () => Create(other));
            Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", $"{Here}thingtype/pump")), refusal.Members);
        }
    }

    [Fact]
    public void A_type_that_is_not_there_is_refused()
    {
        Func<object>[] operations =
        [
            () => DescribeThingType.Handle(_realm, "pump"),
            () => UpdateThingType.Handle(_realm, "pump", null),
            () => DeprecateThingType.Handle(_realm, "pump", null),
            () => DeleteThingType.Handle(_realm, "pump"),
            () => CreateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump" }),
        ];
        foreach (var operation in operations)
            _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing type pump cannot be found.", operation);
    }

    [Fact]
    public void Types_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "valve", "pump", "fan" })
            Type(_realm, name);

        Assert.Equal(["fan pump", "valve"], Pages(token => List(2, token, null)));
        Assert.Equal(["pump"], Pages(token => List(null, token, "pump")));
        Assert.Equal([""], Pages(token => List(null, token, "pum")));
        Assert.Equal(new("fan", $"{Here}thingtype/fan", new(), new(false, null, TestRealm.Start)), ListThingTypes.Handle(_realm, null, 1, null).ThingTypes[0]);
    }

    [Fact]
    public void An_update_changes_what_it_gives()
    {
        Create(Properties);

        Assert.Equal(new(), Update(new() { SearchableAttributes = ["z", "a"] }));
        Assert.Equal(Properties with { SearchableAttributes = ["a", "z"] }, Described.ThingTypeProperties);
        Update(new() { ThingTypeDescription = "other", Mqtt5Configuration = new() });
        Assert.Equal(new() { ThingTypeDescription = "other", SearchableAttributes = ["a", "z"], Mqtt5Configuration = new() }, Described.ThingTypeProperties);
        _realm.TakeChanges();
        Update(null);
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void No_thing_can_be_given_a_deprecated_type_and_those_that_have_it_keep_it()
    {
        Type(_realm, "pump");
        Thing(_realm, "pump-1", "pump");
        Thing(_realm, "fan-1");
        Deprecate();

        const string message = "Thing type pump is deprecated: no thing can be given it.";
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => CreateThing.Handle(_realm, "pump-2", new() { ThingTypeName = "pump" }));
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => UpdateThing.Handle(_realm, "fan-1", new() { ThingTypeName = "pump" }));
        _realm.AssertRefused(
            ServiceError.ResourceNotFound, "Thing type fan cannot be found.", () => UpdateThing.Handle(_realm, "fan-1", new() { ThingTypeName = "fan" }));
        UpdateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump" });
        Attribute(_realm, "pump-1", "site", "north");
        Thing(_realm, "pump-1", "pump", ("site", "north"));

        Deprecate(undo: true);
        Thing(_realm, "pump-2", "pump");
        UpdateThing.Handle(_realm, "fan-1", new() { ThingTypeName = "pump" });
    }

    [Fact]
    public void A_deprecation_has_its_date_until_it_is_undone()
    {
        Type(_realm, "pump");
        _realm.Pass(TimeSpan.FromMinutes(1));
        Deprecate();
        var at = _realm.World.Now;
        _realm.Pass(TimeSpan.FromMinutes(1));
        Deprecate();

        Assert.Equal(new(true, at, TestRealm.Start), Described.ThingTypeMetadata);
        Deprecate(undo: true);
        Assert.Equal(new(false, null, TestRealm.Start), Described.ThingTypeMetadata);
    }

    [Fact]
    public void A_type_is_deleted_five_minutes_after_its_deprecation_without_things_of_it()
    {
        Type(_realm, "pump");
        Thing(_realm, "pump-1", "pump");
        AssertNotDeleted("Cannot delete thing type : pump. The thing type must be deprecated before it can be deleted");
        Deprecate();
        _realm.Pass(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        AssertNotDeleted("Cannot delete thing type : pump. Please wait for 5 minutes after deprecation and then retry");
        _realm.Pass(TimeSpan.FromMilliseconds(1));
        AssertNotDeleted("Cannot delete thing type : pump when there are still things of it");
        UpdateThing.Handle(_realm, "pump-1", new() { RemoveThingType = true });

        Assert.Equal(new(), DeleteThingType.Handle(_realm, "pump"));
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing type pump cannot be found.", () => DescribeThingType.Handle(_realm, "pump"));
    }

    private DescribeThingType.Response Described => DescribeThingType.Handle(_realm, "pump");

    private CreateThingType.Response Create(ThingTypeProperties? properties) => CreateThingType.Handle(_realm, "pump", new() { ThingTypeProperties = properties });

    private UpdateThingType.Response Update(ThingTypeProperties? properties) => UpdateThingType.Handle(_realm, "pump", new() { ThingTypeProperties = properties });

    private void Deprecate(bool? undo = null) => Assert.Equal(new(), DeprecateThingType.Handle(_realm, "pump", new() { UndoDeprecate = undo }));

    private void AssertNotDeleted(string message) => _realm.AssertRefused(ServiceError.InvalidRequest, message, () => DeleteThingType.Handle(_realm, "pump"));

    private (IEnumerable<string>, string?) List(int? maxResults, string? token, string? name)
    {
        var page = ListThingTypes.Handle(_realm, token, maxResults, name);
        return (page.ThingTypes.Select(type => type.ThingTypeName), page.NextToken);
    }
}
