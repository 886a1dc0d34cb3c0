namespace IoTJobsEmulator.Core.Tests.Things;

public sealed class ThingQueryTests
{
    private static readonly Thing[] Things =
    [
        New("pump-1", "pump", ("site", "north"), ("model", "a*b")),
        New("pump-2", "pump", ("site", "South")),
        New("fan-1", "fan", ("site", "north"), ("a.b:c", "x")),
        New("Valve:1", null),
    ];

    private static readonly Dictionary<string, string[]> Groups = new() { ["pump-1"] = ["plant", "hall-1"], ["fan-1"] = ["plant"] };

    [Fact]
    public void Not_all_queries_ever_read_are_kept()
    {
        for (var i = 0; i < ThingQuery.MaxCached * 2; i++)
            ThingQuery.Parse($"thingName:kept-{i}");
        Assert.InRange(ThingQuery.CachedCount, 1, ThingQuery.MaxCached + Environment.ProcessorCount);
    }

    [Theory]
    [InlineData("*", "pump-1 pump-2 fan-1 Valve:1")]
    [InlineData("thingName:pump-1", "pump-1")]
    [InlineData("thingName:PUMP-1", "pump-1")]
    [InlineData("thingName:pump", "")]
    [InlineData("thingName:pump*", "pump-1 pump-2")]
    [InlineData("thingName:*-1", "pump-1 fan-1")]
    [InlineData("thingName:*u*p*", "pump-1 pump-2")]
    [InlineData("thingName:????-1", "pump-1")]
    [InlineData("thingName:*", "pump-1 pump-2 fan-1 Valve:1")]
    [InlineData("thingName:valve:1", "Valve:1")]
    [InlineData(@"thingName:valve\:1", "Valve:1")]
    [InlineData("thingName:\"valve:1\"", "Valve:1")]
    [InlineData("thingTypeName:pump", "pump-1 pump-2")]
    [InlineData("thingTypeName:*", "pump-1 pump-2 fan-1")]
    [InlineData("attributes.site:north", "pump-1 fan-1")]
    [InlineData("attributes.site:south", "pump-2")]
    [InlineData("attributes.site:*", "pump-1 pump-2 fan-1")]
    [InlineData("attributes.Site:north", "")]
    [InlineData(@"attributes.a.b\:c:x", "fan-1")]
    [InlineData("attributes.model:a*", "pump-1")]
    [InlineData(@"attributes.model:a\*b", "pump-1")]
    [InlineData("attributes.model:\"a*\"", "")]
    [InlineData("attributes.model:\"a*b\"", "pump-1")]
    [InlineData("thingGroupNames:plant", "pump-1 fan-1")]
    [InlineData("thingGroupNames:hall*", "pump-1")]
    [InlineData("thingName:pump-1 OR thingName:fan-1", "pump-1 fan-1")]
    [InlineData("thingTypeName:pump AND attributes.site:north", "pump-1")]
    [InlineData("thingTypeName:pump attributes.site:north", "pump-1")]
    [InlineData("thingTypeName:pump NOT attributes.site:north", "pump-2")]
    [InlineData("thingTypeName:pump AND NOT attributes.site:north", "pump-2")]
    [InlineData("thingTypeName:pump -attributes.site:north", "pump-2")]
    [InlineData("NOT attributes.site:*", "Valve:1")]
    [InlineData("NOT NOT thingName:pump-1", "pump-1")]
    [InlineData("NOT (thingName:pump-1 OR thingName:fan-1)", "pump-2 Valve:1")]
    [InlineData("NOT thingName:pump-1 AND thingTypeName:pump", "pump-2")]
    [InlineData("thingName:fan-1 OR thingTypeName:pump AND attributes.site:south", "pump-2 fan-1")]
    [InlineData("thingName:fan-1 OR thingTypeName:pump attributes.site:south", "pump-2 fan-1")]
    [InlineData("(thingName:fan-1 OR thingTypeName:pump) AND attributes.site:north", "pump-1 fan-1")]
    [InlineData("thingName:(pump* AND -pump-1)", "pump-2")]
    [InlineData("thingName:(pump-1 OR fan-1) attributes.site:north", "pump-1 fan-1")]
    [InlineData(" ( thingName:pump-1 ) ", "pump-1")]
    [InlineData("thingName:(pump-1 OR NOTHING)", "pump-1")]
    public void A_query_finds_things(string query, string found) => Assert.Equal(
        found, string.Join(' ', Things.Where(thing => ThingQuery.Parse(query).Matches(thing, Groups.GetValueOrDefault(thing.ThingName, []))).Select(thing => thing.ThingName)));

    [Theory]
    [InlineData("pump", "a term without a field cannot be decided from the registry")]
    [InlineData("connectivity.connected:true", "field connectivity.connected cannot be decided from the registry")]
    [InlineData("shadow.reported.battery>80", "a term without a field cannot be decided from the registry")]
    [InlineData("thingname:pump-1", "field thingname cannot be decided from the registry")]
    [InlineData("attributes.:x", "field attributes. cannot be decided from the registry")]
    [InlineData("attributes.speed:>5", "ranges cannot be decided from the registry, where values are texts")]
    [InlineData("attributes.speed:[1 TO 5]", "ranges cannot be decided from the registry, where values are texts")]
    [InlineData("thingName:", "a value for thingName is missing")]
    [InlineData("thingName: AND thingTypeName:pump", "a value for thingName is missing")]
    [InlineData("thingName:(OR pump-1)", "a value for thingName is missing")]
    [InlineData("thingName:pump-1 AND", "a term is missing")]
    [InlineData("OR thingName:pump-1", "a term without a field cannot be decided from the registry")]
    [InlineData("NOT", "a term is missing")]
    [InlineData("()", "a term is missing")]
    [InlineData("   ", "a term is missing")]
    [InlineData("(thingName:pump-1", "a parenthesis is not closed")]
    [InlineData("thingName:pump-1)", "')' is not expected at position 17")]
    [InlineData("thingName:\"pump", "a quotation mark is not closed")]
    public void What_cannot_be_read_or_decided_is_refused(string query, string reason)
    {
        var refusal = Assert.Throws<ServiceException>(() => ThingQuery.Parse(query));

        Assert.Equal(("InvalidQueryException", 400), (refusal.Error.Name, refusal.Error.Status));
        Assert.Equal($"Query string is invalid: {reason}.", refusal.Message);
    }

    [Fact]
    public void A_query_has_twelve_terms_and_a_thousand_characters_at_most()
    {
        ThingQuery.Parse(string.Join(" OR ", Enumerable.Repeat("thingName:a", 12)));
        Assert.Equal(
            "Query string is invalid: the maximum number of terms is 12.",
            Assert.Throws<ServiceException>(() => ThingQuery.Parse(string.Join(" OR ", Enumerable.Repeat("thingName:a", 13)))).Message);
        ThingQuery.Parse(new string('(', 490) + "thingName:a" + new string(')', 490));
        Assert.Equal(
            "Query string is invalid: it is longer than 1000 characters.", Assert.Throws<ServiceException>(() => ThingQuery.Parse(new string('(', 1_000_000))).Message);
    }

    [Fact]
    public void A_pattern_of_many_wildcards_takes_no_time() =>
        Assert.False(ThingQuery.Parse($"thingName:{string.Concat(Enumerable.Repeat("*a", 60))}*b").Matches(New(new string('a', 128), null), []));

    private static Thing New(string name, string? type, params (string Name, string Value)[] attributes) =>
        new() { ThingName = name, ThingId = name, Ordinal = 1, ThingTypeName = type, Attributes = Map(attributes) };
}
