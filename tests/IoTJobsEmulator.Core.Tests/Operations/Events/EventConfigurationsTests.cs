using IoTJobsEmulator.Core.Operations.Events;

namespace IoTJobsEmulator.Core.Tests.Operations.Events;

public sealed class EventConfigurationsTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void All_types_are_off_by_default()
    {
        var answer = DescribeEventConfigurations.Handle(_test);

        Assert.Equal(
            ["THING", "THING_GROUP", "THING_TYPE", "THING_GROUP_MEMBERSHIP", "THING_GROUP_HIERARCHY", "THING_TYPE_ASSOCIATION", "JOB", "JOB_EXECUTION", "POLICY", "CERTIFICATE", "CA_CERTIFICATE"],
            answer.EventConfigurations.Keys);
        Assert.All(answer.EventConfigurations.Values, configuration => Assert.False(configuration.Enabled));
        Assert.Equal((null, null), (answer.CreationDate, answer.LastModifiedDate));
    }

    [Fact]
    public void Types_are_turned_on_and_off_and_the_others_stay()
    {
        Update(("JOB_EXECUTION", true), ("JOB", true));
        Assert.Equal("JOB JOB_EXECUTION", On);
        _test.Jump(Minutes(1));
        Update(("JOB", false), ("THING", true));

        Assert.Equal("THING JOB_EXECUTION", On);
        Assert.True(EventConfiguration.IsEnabled(_test, EventType.THING));
        Assert.False(EventConfiguration.IsEnabled(_test, EventType.JOB));
        var answer = DescribeEventConfigurations.Handle(_test);
        Assert.Equal((Start, Start + Minutes(1)), (answer.CreationDate, answer.LastModifiedDate));
    }

    [Fact]
    public void A_configuration_that_does_not_say_is_off()
    {
        Update(("JOB", true));
        UpdateEventConfigurations.Handle(_test, new() { EventConfigurations = new Dictionary<string, Configuration?> { ["JOB"] = new(), ["THING"] = null } });
        Assert.Equal("", On);
    }

    [Theory]
    [InlineData("WEATHER")]
    [InlineData("job")]
    public void Unknown_types_are_refused(string type) => _test.AssertRefused(
        ServiceError.InvalidRequest,
        $"1 validation error detected: Value '{{JOB, {type}}}' at 'eventConfigurations' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy enum value set: [THING, THING_GROUP, THING_TYPE, THING_GROUP_MEMBERSHIP, THING_GROUP_HIERARCHY, THING_TYPE_ASSOCIATION, JOB, JOB_EXECUTION, POLICY, CERTIFICATE, CA_CERTIFICATE]]",
        () => Update(("JOB", true), (type, true)));

    private string On => string.Join(' ', DescribeEventConfigurations.Handle(_test).EventConfigurations.Where(type => type.Value.Enabled is true).Select(type => type.Key));

    private UpdateEventConfigurations.Response Update(params (string Type, bool Enabled)[] types) => UpdateEventConfigurations.Handle(
        _test, new() { EventConfigurations = types.ToDictionary(type => type.Type, type => (Configuration?)new Configuration { Enabled = type.Enabled }) });
}
