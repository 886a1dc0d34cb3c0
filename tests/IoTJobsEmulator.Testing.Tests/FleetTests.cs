using System.Net.Sockets;
using System.Text;
using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>What happens in a fleet by the typed client: events, simulated devices, connections, settings.</summary>
public sealed class FleetTests : PumpTest
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Events_are_listed_and_waited_for()
    {
        var executions = new EventFilter { Types = [EventType.Execution], Thing = "pump-*", JobId = "update-*", Account = Fleet.Account };
        var waiting = Client.Events.WaitForAsync(executions, 2, HangGuard, Cancelled);
        await Fleet.CreateJob("update-firmware", "pump-1");
        await Fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
        var events = await waiting;
        Assert.Equal(
            [(EventChange.Created, "QUEUED", 1L), (EventChange.Updated, "SUCCEEDED", 2L)],
            events.Select(one => (one.Change!.Value, one.Status, one.Version!.Value)));
        var first = events[0];
        Assert.Equal(
            (EventType.Execution, Fleet.Account.AccountId, "us-east-1", "update-firmware", "pump-1", 1L),
            (first.Type, first.Account, first.Region, first.JobId, first.Thing, first.ExecutionNumber));

        var all = await Client.Events.ListAsync(cancellationToken: Cancelled);
        Assert.Equal(EventType.Thing, all.Events[0].Type);
        Assert.Equal(1, all.Events.Last(one => one.Type == EventType.Job).Counts!["SUCCEEDED"]);
        Assert.False(all.Missed);
        Assert.Empty((await Client.Events.ListAsync(new() { After = all.Last }, cancellationToken: Cancelled)).Events);
        Assert.True((await Client.Events.ListAsync(new() { After = 1_000_000 }, cancellationToken: Cancelled)).Missed);
        Assert.Single((await Client.Events.ListAsync(limit: 1, cancellationToken: Cancelled)).Events);
        Assert.Empty((await Client.Events.ListAsync(executions with { Account = Client.NewAccount() }, cancellationToken: Cancelled)).Events);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => Client.Events.WaitForAsync(new() { Types = [EventType.Job, EventType.Clock], JobId = "none" }, 3, TimeSpan.Zero, Cancelled));
        Assert.Equal("After 00:00:00 there are 0 events and not 3 for EventFilter { Types = job,clock, JobId = none }.", late.Message);
    }

    [Fact]
    public async Task More_events_than_one_call_lists_are_waited_for()
    {
        const int things = 1500;
        var calls = new { calls = new[] { new { repeat = things, operation = "CreateThing", input = new { thingName = "valve-${n}" } } } };
        await Client.Seed.RunAsync(System.Text.Json.JsonSerializer.Serialize(calls), Fleet.Account, Cancelled);
        var events = await Client.Events.WaitForAsync(new() { Types = [EventType.Thing], Thing = "valve-*" }, things, HangGuard, Cancelled);
        Assert.Equal(Enumerable.Range(1, things).Select(n => $"valve-{n}"), events.Select(one => one.Thing));
    }

    [Fact]
    public async Task Events_are_followed_until_the_reader_leaves_or_theEmulator_ends()
    {
        await Fleet.CreateJob("update-firmware", "pump-1");
        var seen = new List<string>();
        await foreach (var next in Client.Events.FollowAsync(new() { Types = [EventType.Execution], After = 0 }, Cancelled))
        {
            seen.Add(next.Status!);
            if (seen.Count == 1)
                await Fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
            else
                break;
        }
        Assert.Equal(["QUEUED", "SUCCEEDED"], seen);

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Client.Events.FollowAsync(new() { After = 0 }, leaving.Token))
                await leaving.CancelAsync();
        });

        await foreach (var _ in Client.Events.FollowAsync(new() { Types = [EventType.Thing], After = 0 }, Cancelled))
            await Emulator.DisposeAsync();
    }

    [Fact]
    public async Task Simulators_are_put_listed_and_removed()
    {
        var definition = new SimulatorDefinition
        {
            Things = "pump-*",
            NamespaceId = "fleet",
            PicksUp = TimeSpan.FromMilliseconds(500),
            Takes = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3)),
            Outcomes = new() { Succeeded = 95, Failed = 3, Rejected = 1, Silent = 1 },
            StatusDetails = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["FAILED"] = new Dictionary<string, string> { ["reason"] = "checksum" } },
            Progress = [new(50, new Dictionary<string, string> { ["step"] = "downloaded" })],
            Offline = 5,
            Seed = 2,
        };
        var put = await Client.Simulators.PutAsync("pumps", definition, Fleet.Account, Cancelled);
        Assert.Equal(("pumps", 0), (put.Name, put.Busy));
        Assert.Equal(Text(definition), Text(put));
        Assert.Equal(Text(put), Text(await Client.Simulators.PutAsync("pumps", put, Fleet.Account, Cancelled))); // one that was answered may be put again
        Assert.Equal("pumps", Assert.Single(await Client.Simulators.ListAsync(Fleet.Account, Cancelled)).Name);
        Assert.Empty(await Client.Simulators.ListAsync(cancellationToken: Cancelled));
        Assert.Equal("pumps", (await Client.Simulators.DeleteAsync("pumps", Fleet.Account, Cancelled)).Name);
        Assert.Equal("ResourceNotFoundException", (await Assert.ThrowsAsync<EmulatorException>(() => Client.Simulators.DeleteAsync("pumps", Fleet.Account, Cancelled))).ErrorCode);

        static string Text(SimulatorDefinition definition) => System.Text.Json.JsonSerializer.Serialize(definition);
    }

    [Fact]
    public async Task Simulated_devices_work_and_the_journal_has_their_requests()
    {
        await Client.Simulators.PutAsync("pumps", new() { Things = "pump-*" }, Fleet.Account, Cancelled);
        await Fleet.CreateJob("update-firmware", "pump-1");
        await Client.Clock.AdvanceAsync(TimeSpan.FromHours(1), Cancelled);
        Assert.Equal("COMPLETED", await Fleet.StatusOf("update-firmware"));

        var request = Assert.Single(await Client.Requests.ListAsync(new() { Operation = "UpdateJobExecution", Transport = RequestTransport.Simulator }, cancellationToken: Cancelled));
        Assert.Equal((RequestTransport.Simulator, "pumps", null, "pump-1", 200), (request.Transport, request.Simulator, request.Target, request.Thing, request.Status));
        Assert.Equal(5, await Client.Requests.CountAsync(new RequestFilter { Account = Fleet.Account.AccountId }, Cancelled));
    }

    [Fact]
    public async Task Connections_are_listed_and_ended()
    {
        using var own = await Connect("gateway/north 1", Fleet.Account.MqttUserName);
        using var other = await Connect("pump-2", Client.NewAccount().MqttUserName);
        Assert.Equal(2, (await Client.Connections.ListAsync(cancellationToken: Cancelled)).Count);
        var listed = Assert.Single(await Client.Connections.ListAsync(Fleet.Account, Cancelled));
        Assert.Equal(("gateway/north 1", "V311"), (listed.ClientId, listed.Version));

        Assert.Equal(listed, await Client.Connections.EndAsync("gateway/north 1", Fleet.Account, Cancelled));
        Assert.Equal(0, await own.GetStream().ReadAsync(new byte[1], Cancelled));
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => Client.Connections.EndAsync("pump-2", Fleet.Account, Cancelled));
        Assert.Equal("ResourceNotFoundException", refused.ErrorCode);
    }

    [Fact]
    public async Task Settings_are_read_and_changed()
    {
        var first = await Client.Settings.GetAsync(Cancelled);
        Assert.Equal(RolloutMode.Paced, first.Rollout);
        var changed = first with { DeletionDuration = TimeSpan.FromSeconds(90), Rollout = RolloutMode.Immediate, TargetsPerJob = 7 };
        Assert.Equal(changed, await Client.Settings.ChangeAsync(TimeSpan.FromSeconds(90), RolloutMode.Immediate, targetsPerJob: 7, cancellationToken: Cancelled));
        Assert.Equal(changed with { ActiveJobs = 0, ConcurrentJobs = 3 }, await Client.Settings.ChangeAsync(activeJobs: 0, concurrentJobs: 3, cancellationToken: Cancelled));
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => Client.Settings.ChangeAsync(activeJobs: -1, cancellationToken: Cancelled));
        Assert.Contains("activeJobs", refused.Message, StringComparison.Ordinal);
        await Client.ResetAsync(Cancelled);
        Assert.Equal(first, await Client.Settings.GetAsync(Cancelled));
    }

    /// <summary>A client of MQTT 3.1.1 that has its CONNACK.</summary>
    private async Task<TcpClient> Connect(string clientId, string userName)
    {
        byte[] body = [.. Text("MQTT"), 4, 0x82, 0, 60, .. Text(clientId), .. Text(userName)];
        var client = new TcpClient("127.0.0.1", Emulator.MqttPort);
        await client.GetStream().WriteAsync((byte[])[0x10, (byte)body.Length, .. body], Cancelled);
        var answer = new byte[4];
        await client.GetStream().ReadExactlyAsync(answer, Cancelled);
        Assert.Equal("20020000", Convert.ToHexString(answer));
        return client;

        static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
