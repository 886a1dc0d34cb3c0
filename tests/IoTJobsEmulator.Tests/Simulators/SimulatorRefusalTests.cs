using System.Globalization;

namespace IoTJobsEmulator.Tests.Simulators;

/// <summary>What is no simulator is refused by the name of the member, and nothing changes.</summary>
public sealed class SimulatorRefusalTests : IDisposable
{
    private const string Constraint = " failed to satisfy constraint: Member must";

    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("""{}""", "Value null at 'things'", " not be null")]
    [InlineData("""{"things": ""}""", "Value '' at 'things'", " have length greater than or equal to 1")]
    [InlineData("""{"things": "pump 1"}""", "Value 'pump 1' at 'things'", " satisfy regular expression pattern: [a-zA-Z0-9:_*-]+")]
    [InlineData("""{"things": "*", "namespaceId": "a/b"}""", "Value 'a/b' at 'namespaceId'", " satisfy regular expression pattern: [a-zA-Z0-9_-]+")]
    [InlineData("""{"things": "*", "picksUp": "soon"}""", "Value 'soon' at 'picksUp'", " be a number of seconds, or 500ms, 90s, 15m, 24h, 7d")]
    [InlineData("""{"things": "*", "picksUp": -1}""", "Value '-1' at 'picksUp'", " be a number of seconds, or 500ms, 90s, 15m, 24h, 7d")]
    [InlineData("""{"things": "*", "picksUp": "366d"}""", "Value '366d' at 'picksUp'", " be at most 365d")]
    [InlineData("""{"things": "*", "takes": "1m"}""", "Value '1m' at 'takes'", " be an object")]
    [InlineData("""{"things": "*", "takes": {"from": "1m"}}""", "Value null at 'takes.to'", " not be null")]
    [InlineData("""{"things": "*", "takes": {"from": "3m", "to": "30s"}}""", "Value '30s' at 'takes.to'", " be at least takes.from, 3m")]
    [InlineData("""{"things": "*", "takes": {"from": "3m", "to": "-30s"}}""", "Value '-30s' at 'takes.to'", " be a number of seconds, or 500ms, 90s, 15m, 24h, 7d")]
    [InlineData("""{"things": "*", "takes": {"from": "0s", "to": "8761h"}}""", "Value '8761h' at 'takes.to'", " be at most 365d")]
    [InlineData("""{"things": "*", "outcomes": {}}""", "Value '{}' at 'outcomes'", " be an object with a number above 0")]
    [InlineData("""{"things": "*", "outcomes": {"SUCCEEDED": 0, "silent": 0}}""", "Value '{}' at 'outcomes'", " be an object with a number above 0")]
    [InlineData("""{"things": "*", "outcomes": {"FAILED": -1}}""", "Value '-1' at 'outcomes.FAILED'", " have value greater than or equal to 0")]
    [InlineData("""{"things": "*", "outcomes": {"silent": 1000001}}""", "Value '1000001' at 'outcomes.silent'", " have value less than or equal to 1000000")]
    [InlineData("""{"things": "*", "outcomes": {"REJECTED": 0.5}}""", "Value '0.5' at 'outcomes.REJECTED'", " be a 32-bit integer")]
    [InlineData("""{"things": "*", "progress": [{"at": 101}]}""", "Value '101' at 'progress.1.member.at'", " have value less than or equal to 100")]
    [InlineData("""{"things": "*", "progress": [{"statusDetails": {}}]}""", "Value null at 'progress.1.member.at'", " not be null")]
    [InlineData("""{"things": "*", "offline": 101}""", "Value '101' at 'offline'", " have value less than or equal to 100")]
    [InlineData("""{"things": "*", "offline": -1}""", "Value '-1' at 'offline'", " have value greater than or equal to 0")]
    [InlineData("""{"things": "*", "seed": 3000000000}""", "Value '3000000000' at 'seed'", " be a 32-bit integer")]
    public async Task A_member_is_refused_by_its_name(string definition, string value, string rule) => await AssertRefused(definition, value, Constraint + rule);

    [Theory]
    [InlineData("""{"things": "*", "outcomes": {"TIMED_OUT": 1}}""", "TIMED_OUT")]
    [InlineData("""{"things": "*", "statusDetails": {"silent": {}}}""", "silent")]
    [InlineData("""{"things": "*", "takes": {"from": 1, "to": 2, "unit": "s"}}""", "unit")]
    [InlineData("""{"things": "*", "progress": [{"at": 1, "status": "IN_PROGRESS"}]}""", "status")]
    [InlineData("""{"thing": "*"}""", "thing")]
    public async Task What_is_unknown_is_refused_by_its_name(string definition, string member) => await AssertRefused(definition, $"'{member}' is unknown", "");

    [Fact]
    public async Task Lengths_are_bounded()
    {
        var many = string.Join(", ", Enumerable.Repeat("""{"at": 1}""", 21));
        await AssertRefused($$"""{"things": "*", "progress": [{{many}}]}""", "at 'progress'", " have length less than or equal to 20");
        await AssertRefused($$"""{"things": "{{new string('a', 129)}}"}""", "at 'things'", " have length less than or equal to 128");
        await AssertRefused($$"""{"things": "*", "namespaceId": "{{new string('a', 129)}}"}""", "at 'namespaceId'", " have length less than or equal to 128");
        await AssertRefused($$$$"""{"things": "*", "statusDetails": {"FAILED": {"a": "{{{{new string('a', 1025)}}}}"}}}""", "at 'statusDetails.FAILED'", "Map value must satisfy constraint");
        await AssertRefused("""{"things": "*", "statusDetails": {"FAILED": {"a b": "c"}}}""", "Value '{a b=c}' at 'statusDetails.FAILED'", "Map keys must satisfy constraint");
        Assert.Equal(400, (await _emulator.Send("PUT", $"/_emulator/simulators/{new string('a', 129)}", """{"things": "*"}""")).Status);
        Assert.Equal(400, (await _emulator.Send("PUT", "/_emulator/simulators/a.b", """{"things": "*"}""")).Status);
    }

    [Fact]
    public async Task There_can_be_a_hundred_in_an_account_and_region()
    {
        for (var number = 0; number < 100; number++)
            Assert.Equal(200, (await Put(string.Create(CultureInfo.InvariantCulture, $"fleet-{number}"), """{"things": "*"}""")).Status);
        Assert.Equal((410, "LimitExceededException", "The number of simulators cannot be more than 100."), (await Put("one-more", """{"things": "*"}""")).Refusal);
        Assert.Equal(200, (await _emulator.Send("PUT", "/_emulator/simulators/one-more?region=eu-west-1", """{"things": "*"}""")).Status);
    }

    private async Task AssertRefused(string definition, string beginning, string rule)
    {
        Assert.Equal(200, (await Put("pumps", """{"things": "pump-1"}""")).Status);
        var before = (await _emulator.Send("GET", "/_emulator/simulators")).Body;
        var (status, error, message) = (await Put("pumps", definition)).Refusal;
        Assert.Equal((400, "InvalidRequestException"), (status, error));
        Assert.Contains(beginning, message, StringComparison.Ordinal);
        Assert.Contains(rule, message, StringComparison.Ordinal);
        Assert.Equal(before, (await _emulator.Send("GET", "/_emulator/simulators")).Body);
    }

    private Task<Answer> Put(string name, string definition) => _emulator.Send("PUT", $"/_emulator/simulators/{name}", definition);
}
