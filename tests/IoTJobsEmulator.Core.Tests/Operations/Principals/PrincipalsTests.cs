using IoTJobsEmulator.Core.Operations.Principals;
using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Things.ThingPrincipalType;

namespace IoTJobsEmulator.Core.Tests.Operations.Principals;

public sealed class PrincipalsTests
{
    private const string Cert = ArnPrefix + "cert/1", Other = ArnPrefix + "cert/2";

    private readonly TestRealm _test = new();

    public PrincipalsTests()
    {
        _test.CreateThing("pump-1");
        _test.CreateThing("pump-2");
        _test.CreateThing("pump-3");
    }

    [Fact]
    public void Members_have_the_shapes_of_the_model()
    {
        Assert.Equal(
            [
                "Value 'a b' at 'thingName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
                "Value null at 'principal': not be null",
                "Value 'SOME' at 'thingPrincipalType': satisfy enum value set: [EXCLUSIVE_THING, NON_EXCLUSIVE_THING]",
            ],
            TestRealm.Violations(AttachThingPrincipal.Handle, null, "a b", null, new EnumText<ThingPrincipalType>("SOME")));
        Assert.Equal(
            ["Value '0' at 'maxResults': have value greater than or equal to 1", "Value null at 'principal': not be null"],
            TestRealm.Violations(ListPrincipalThings.Handle, null, null, 0, null));
    }

    [Fact]
    public void A_thing_that_is_not_there_is_refused()
    {
        Action[] operations =
        [
            () => AttachThingPrincipal.Handle(_test, "pump-9", Cert, null),
            () => DetachThingPrincipal.Handle(_test, "pump-9", Cert),
            () => ListThingPrincipals.Handle(_test, "pump-9", null, null),
        ];
        foreach (var operation in operations)
            _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", operation);
    }

    [Fact]
    public void Things_and_principals_are_listed_in_the_order_of_attaching()
    {
        Attach("pump-3", Cert);
        Attach("pump-1", Cert);
        Attach("pump-2", Cert);
        Attach("pump-1", Other);

        Assert.Equal(["pump-3 pump-1", "pump-2"], Pages(token => Things(Cert, 2, token)));
        Assert.Equal([$"{Cert}", $"{Other}"], Pages(token => Principals("pump-1", 1, token)));
        Assert.Equal([$"{Cert} {Other}"], Pages(token => Principals("pump-1", null, token)));
        Assert.Equal([""], Pages(token => Things("unknown", null, token)));
    }

    [Fact]
    public void Attaching_again_changes_nothing()
    {
        Attach("pump-1", Cert);
        _test.Commit();
        Attach("pump-1", Cert);
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void An_exclusive_principal_has_one_thing()
    {
        Attach("pump-1", Cert, EXCLUSIVE_THING);
        AssertRefused("pump-2", NON_EXCLUSIVE_THING, "pump-1");

        Attach("pump-1", Cert, NON_EXCLUSIVE_THING);
        Attach("pump-2", Cert);
        AssertRefused("pump-1", EXCLUSIVE_THING, "pump-2");

        Detach("pump-2", Cert);
        Attach("pump-1", Cert, EXCLUSIVE_THING);
        Attach("pump-1", Other);
    }

    [Fact]
    public void A_thing_is_deleted_when_its_last_principal_is_detached()
    {
        Attach("pump-1", Cert);
        Attach("pump-1", Other);
        Detach("pump-1", Cert);

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Cannot delete. Thing pump-1 is still attached to one or more principals",
            () => DeleteThing.Handle(_test, "pump-1", null));
        Detach("pump-1", Other);
        Detach("pump-1", Other);
        DeleteThing.Handle(_test, "pump-1", null);
        Assert.Null(_test.Realm.Things.Find("pump-1"));
    }

    private void Attach(string thing, string principal, ThingPrincipalType? type = null) =>
        Assert.Equal(new(), AttachThingPrincipal.Handle(_test, thing, principal, type is { } given ? given : null));

    private void Detach(string thing, string principal) => Assert.Equal(new(), DetachThingPrincipal.Handle(_test, thing, principal));

    private void AssertRefused(string thing, ThingPrincipalType type, string other) => _test.AssertRefused(
        ServiceError.InvalidRequest,
        $"Principal {Cert} is attached to thing {other}: it cannot be attached to {thing} as well.",
        () => AttachThingPrincipal.Handle(_test, thing, Cert, type));

    private (IEnumerable<string>, string?) Things(string principal, int? maxResults, string? token)
    {
        var page = ListPrincipalThings.Handle(_test, token, maxResults, principal);
        return (page.Things, page.NextToken);
    }

    private (IEnumerable<string>, string?) Principals(string thing, int? maxResults, string? token)
    {
        var page = ListThingPrincipals.Handle(_test, thing, token, maxResults);
        return (page.Principals, page.NextToken);
    }
}
