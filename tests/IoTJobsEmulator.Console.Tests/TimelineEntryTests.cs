using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.WebConsole.Queries;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>What happened to a thing, from its executions, requests and messages.</summary>
public sealed class TimelineEntryTests
{
    [Fact]
    public void An_execution_has_a_moment_for_each_status()
    {
        var emulator = new FakeEmulator();
        emulator.Create("update-firmware", "pump-1");
        emulator.Pass(TimeSpan.FromMinutes(1));
        emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-1", null));
        emulator.Pass(TimeSpan.FromMinutes(1));
        emulator.Turn(realm => UpdateJobExecution.Handle(realm, "pump-1", "update-firmware", new() { Status = FAILED }));
        var entries = TimelineEntry.Of(emulator.Realm.Executions.Find(new("update-firmware", "pump-1", 1))!);
        Assert.Equal([(0, "QUEUED", false), (1, "IN_PROGRESS", false), (2, "FAILED", true)], entries.Select(entry => ((int)(entry.At - FakeEmulator.Start).TotalMinutes, entry.Text, entry.IsProblem)));
    }

    [Theory]
    [InlineData("""{"status":200}""", "UpdateJobExecution over mqtt", false)]
    [InlineData("""{"status":429,"error":"ThrottlingException","fault":{"id":3,"effect":"error ThrottlingException"}}""", "UpdateJobExecution over mqtt refused: ThrottlingException, fault 3 struck: error ThrottlingException", true)]
    [InlineData("""{"fault":{"id":3,"effect":"drop after"}}""", "UpdateJobExecution over mqtt was not answered, fault 3 struck: drop after", true)]
    public void A_request_tells_its_outcome_and_the_fault_that_struck_it(string more, string text, bool isProblem)
    {
        var request = JsonNode.Parse(more)!.AsObject();
        (request["time"], request["operation"], request["transport"]) = ("2026-01-01T00:00:00.000Z", "UpdateJobExecution", "mqtt");
        var entry = TimelineEntry.OfRequest(request);
        Assert.Equal((FakeEmulator.Start, text, isProblem), (entry.At, entry.Text, entry.IsProblem));
    }

    [Theory]
    [InlineData("""{"timestamp":1767225600}""", "2026-01-01T00:00:00.250Z", 250)]
    [InlineData("""{"timestamp":1767229200}""", "2026-01-01T00:00:00.250Z", 3_600_999)]
    [InlineData("""{"bar":2}""", "2026-01-01T00:00:00.250Z", 250)]
    [InlineData("""{"timestamp":"soon"}""", "2026-01-01T00:00:00.250Z", 250)]
    [InlineData("[1]", "2026-01-01T00:00:00.250Z", 250)]
    public void A_message_of_the_service_has_the_emulators_time_where_the_clocks_differ(string payload, string at, long milliseconds)
    {
        var entry = TimelineEntry.OfMessage(new() { ["number"] = 1L, ["at"] = at, ["topic"] = "a", ["qos"] = 1, ["payload"] = JsonNode.Parse(payload) });
        Assert.Equal(new Moment(FakeEmulator.Start.Milliseconds + milliseconds), entry.At);
    }
}
