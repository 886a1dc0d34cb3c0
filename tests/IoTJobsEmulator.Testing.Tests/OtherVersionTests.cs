using System.Net;
using System.Text;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>The typed client and answers that are not those of this emulator: of a newer one, or of one that has lost events.</summary>
public sealed class OtherVersionTests
{
    private const string Happened = """{"number": 7, "time": "2026-01-01T00:00:00Z", "type": "execution", "status": "QUEUED"}""";

    [Fact]
    public async Task Names_and_members_of_a_newer_emulator_are_read_as_unknown()
    {
        await using var client = Client(request => Json(request.RequestUri!.AbsolutePath switch
        {
            "/_emulator/events" => """{"events": [{"number": 1, "time": "2026-01-01T00:00:00Z", "type": "shadow", "change": "merged", "shadow": {}}], "last": 1, "missed": false}""",
            "/_emulator/settings" => """{"deletionDuration": "2s", "rollout": "canary", "activeJobs": 1, "concurrentJobs": 1, "targetsPerJob": 1, "more": 1}""",
            _ => """{"faults": [{"id": 1, "struck": 0, "operation": "*", "transport": "http3", "drop": "halfway"}]}""",
        }));
        var happened = Assert.Single((await client.Events.ListAsync(cancellationToken: Cancelled)).Events);
        Assert.Equal((EventType.Unknown, EventChange.Unknown), (happened.Type, happened.Change));
        Assert.Equal(RolloutMode.Unknown, (await client.Settings.GetAsync(Cancelled)).Rollout);
        var fault = Assert.Single(await client.Faults.ListAsync(Cancelled));
        Assert.Equal((RequestTransport.Unknown, FaultDrop.Unknown), (fault.Transport, fault.Drop));
    }

    [Fact]
    public async Task What_is_unknown_cannot_be_asked_for()
    {
        await using var emulator = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => emulator.Events.ListAsync(new() { Types = [EventType.Unknown] }, cancellationToken: Cancelled));
        Assert.Contains("'type'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_are_missing_fail_a_wait_and_a_loop()
    {
        await using var emulator = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        var ofAnEarlierRun = new EventFilter { After = 1_000_000 };
        Assert.True((await emulator.Events.ListAsync(ofAnEarlierRun, cancellationToken: Cancelled)).Missed);
        var wait = await Assert.ThrowsAsync<EmulatorException>(() => emulator.Events.WaitForAsync(ofAnEarlierRun, 1, TimeSpan.FromMinutes(5), Cancelled));
        Assert.StartsWith("Events are missing: the emulator does not remember all that came after number 1000000 ", wait.Message, StringComparison.Ordinal);
        var loop = await Assert.ThrowsAsync<EmulatorException>(async () => await emulator.Events.FollowAsync(ofAnEarlierRun, Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
        Assert.Equal(wait.Message, loop.Message);
    }

    /// <summary>The emulator ends the stream of a reader that has fallen behind by more than it remembers.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_has_fallen_behind_is_told(bool hasFallenBehind)
    {
        await using var client = Client(request => request.Headers.Accept.ToString() == "text/event-stream"
            ? Answer("text/event-stream", $"id: 7\ndata: {Happened}\n\n")
            : Json($$"""{"events": [], "last": 7, "missed": {{(hasFallenBehind && request.RequestUri!.Query.Contains("after=7", StringComparison.Ordinal) ? "true" : "false")}}}"""));
        await using var events = client.Events.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(7, events.Current.Number);
        if (hasFallenBehind)
            Assert.Contains("number 7 ", (await Assert.ThrowsAsync<EmulatorException>(async () => await events.MoveNextAsync())).Message, StringComparison.Ordinal);
        else
            Assert.False(await events.MoveNextAsync());
    }

    private static EmulatorClient Client(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(new("http://localhost"), new HttpClient(new Answers(answer)));

    private static HttpResponseMessage Json(string body) => Answer("application/json", body);

    private static HttpResponseMessage Answer(string type, string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, type) };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
