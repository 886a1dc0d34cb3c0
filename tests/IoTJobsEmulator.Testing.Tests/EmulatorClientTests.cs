using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>The typed client of the emulator's own API, over the wire.</summary>
public sealed class EmulatorClientTests : IAsyncLifetime
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(5);

    private JobsEmulator _emulator = null!;
    private EmulatorClient _client = null!;
    private Fleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await JobsEmulator.StartAsync();
        _client = new(_emulator.ServiceUrl); // as a container is reached
        _fleet = new(_client);
        await _fleet.CreateThing("pump-1");
        await _fleet.CreateJob("update-firmware", "pump-1");
    }

    public async ValueTask DisposeAsync()
    {
        _fleet.Dispose();
        await _client.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_clock_is_frozen_set_advanced_and_let_run()
    {
        var start = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.False((await _client.Clock.GetAsync(Cancelled)).Frozen);
        Assert.Equal(new(start, true), await _client.Clock.FreezeAsync(start, Cancelled));
        Assert.Equal(new(start.AddDays(7).AddMilliseconds(1), true), await _client.Clock.AdvanceAsync(TimeSpan.FromDays(7) + TimeSpan.FromMilliseconds(1), Cancelled));
        Assert.Equal(new(start, true), await _client.Clock.SetAsync(start, Cancelled));
        Assert.False((await _client.Clock.RunAsync(Cancelled)).Frozen);
        Assert.True((await _client.Clock.FreezeAsync(Cancelled)).Frozen);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.Clock.AdvanceAsync(TimeSpan.FromTicks(-1), Cancelled));
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => _client.Clock.SetAsync(DateTimeOffset.MaxValue, Cancelled));
        Assert.Equal((400, "InvalidRequestException"), (refused.StatusCode, refused.ErrorCode));
        Assert.StartsWith("InvalidRequestException (400): The clock can be set to moments from ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_member_of_a_fault_is_sent_and_answered()
    {
        FaultRule[] rules =
        [
            new()
            {
                Operation = "UpdateJobExecution",
                Service = "iot-jobs-data",
                Account = _fleet.Account.AccountId,
                Region = "us-east-1",
                Thing = "pump-*",
                JobId = "update-*",
                Transport = RequestTransport.Http,
                Times = 2,
                After = 1,
                Probability = 0.5,
                Seed = 7,
                Error = new() { StatusCode = 418, Code = "Teapot", Message = "short" },
                Delay = TimeSpan.FromSeconds(90),
            },
            new() { Operation = "*", Error = new("ThrottlingException") },
            new() { Operation = "DescribeJob", Drop = FaultDrop.After },
            new() { Notification = "notify-next", Duplicate = true, Transport = RequestTransport.Mqtt },
        ];
        var added = await _client.Faults.AddAsync(rules, Cancelled);
        Assert.Equal(rules.Select(Text), added.Select(Text));
        Assert.Equal(added, await _client.Faults.ListAsync(Cancelled));

        await _client.Faults.RemoveAsync(added[0].Id, Cancelled);
        Assert.Equal(added.Skip(1), await _client.Faults.ListAsync(Cancelled));
        Assert.Equal("ResourceNotFoundException", (await Assert.ThrowsAsync<EmulatorException>(() => _client.Faults.RemoveAsync(added[0].Id, Cancelled))).ErrorCode);
        Assert.Equal(Text(rules[1]), Text(await _client.Faults.AddAsync(added[1], Cancelled))); // one that was answered may be added again
        await _client.Faults.ClearAsync(Cancelled);
        Assert.Empty(await _client.Faults.ListAsync(Cancelled));

        var refused = await Assert.ThrowsAsync<EmulatorException>(() => _client.Faults.AddAsync(new FaultRule { Operation = "Fly", Drop = FaultDrop.Before }, Cancelled));
        Assert.Contains("'Fly' at 'operation'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_strikes_and_is_counted()
    {
        var fault = await _client.Faults.AddAsync(new FaultRule { Operation = "UpdateJobExecution", Error = new("ThrottlingException") }, Cancelled);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _fleet.Report("pump-1", "update-firmware", "SUCCEEDED")).StatusCode);
        Assert.Equal(fault with { Struck = 1 }, Assert.Single(await _client.Faults.ListAsync(Cancelled)));
        Assert.Equal(fault.Id, Assert.Single(await _client.Requests.ListAsync(new() { Status = "errors" }, cancellationToken: Cancelled)).Fault!.Id);
    }

    [Fact]
    public async Task Requests_are_listed_counted_and_forgotten()
    {
        await _fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
        var request = Assert.Single(await _client.Requests.ListAsync(
            new()
            {
                Operation = "UpdateJobExecution",
                Account = _fleet.Account.AccountId,
                Region = _fleet.Account.Region,
                Thing = "pump-*",
                JobId = "update-firmware",
                Status = "2xx",
                Transport = RequestTransport.Http,
                After = 0,
            },
            limit: 1, Cancelled));
        Assert.Equal(
            ("iot-jobs-data", "UpdateJobExecution", "POST /iot-jobs-data/things/pump-1/jobs/update-firmware", _fleet.Account.AccountId, "us-east-1", "pump-1", "update-firmware", 200, null),
            (request.Service, request.Operation, request.Target, request.Account, request.Region, request.Thing, request.JobId, request.Status, request.Error));
        Assert.Equal(RequestTransport.Http, request.Transport);
        Assert.Equal("SUCCEEDED", request.Input!.Value.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Object, request.Output!.Value.ValueKind);
        Assert.Equal((3, 1), (await _client.Requests.CountAsync(cancellationToken: Cancelled), await _client.Requests.CountAsync("CreateJob", Cancelled)));
        await _client.Requests.ClearAsync(Cancelled);
        Assert.Equal(0, await _client.Requests.CountAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Requests_are_waited_for()
    {
        var waiting = _client.Requests.WaitForAsync("UpdateJobExecution", 2, HangGuard, Cancelled);
        await _fleet.Report("pump-1", "update-firmware", "IN_PROGRESS");
        await _fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
        Assert.Equal(["IN_PROGRESS", "SUCCEEDED"], (await waiting).Select(request => request.Input!.Value.GetProperty("status").GetString()));

        var late = await Assert.ThrowsAsync<TimeoutException>(() => _client.Requests.WaitForAsync(new RequestFilter { Operation = "CreateJob", Thing = "none" }, 3, TimeSpan.Zero, Cancelled));
        Assert.Equal("After 00:00:00 there are 0 requests and not 3 for RequestFilter { Operation = CreateJob, Thing = none }.", late.Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.Requests.WaitForAsync("CreateJob", 0, TimeSpan.Zero, Cancelled));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.Requests.WaitForAsync("CreateJob", 1001, TimeSpan.Zero, Cancelled));
    }

    [Fact]
    public async Task Messages_are_listed_and_waited_for()
    {
        var filter = new MessageFilter { Topic = "$aws/things/+/jobs/notify-next", Account = _fleet.Account };
        var waiting = _client.Messages.WaitForAsync(filter, 2, HangGuard, Cancelled);
        await _fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
        var messages = await waiting;
        Assert.Equal("update-firmware", messages[0].Payload.GetProperty("execution").GetProperty("jobId").GetString());
        Assert.Equal(("$aws/things/pump-1/jobs/notify-next", false, null), (messages[1].Topic, messages[1].Retain, messages[1].From));

        Assert.Equal(2, (await _client.Messages.ListAsync(filter with { Thing = "pump-1", Since = DateTimeOffset.UnixEpoch }, Cancelled)).Count);
        Assert.Single(await _client.Messages.ListAsync(filter with { After = messages[0].Number }, Cancelled));
        Assert.Empty(await _client.Messages.ListAsync(filter with { Account = _client.NewAccount() }, Cancelled));
        await Assert.ThrowsAsync<TimeoutException>(() => _client.Messages.WaitForAsync(filter, 3, TimeSpan.Zero, Cancelled));
    }

    [Fact]
    public async Task A_reset_makes_everything_as_at_the_start()
    {
        await _client.Clock.FreezeAsync(Cancelled);
        await _client.ResetAsync(Cancelled);
        Assert.False((await _client.Clock.GetAsync(Cancelled)).Frozen);
        Assert.Equal(0, await _client.Requests.CountAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public void An_account_is_new_and_has_what_clients_need()
    {
        var account = _client.NewAccount("eu-west-1");
        Assert.Matches("^[1-9][0-9]{11}$", account.AccountId);
        Assert.NotEqual(account.AccountId, _client.NewAccount().AccountId);
        Assert.Equal((account.AccountId, "test", "eu-west-1"), (account.AccessKeyId, account.SecretAccessKey, account.Region));
        Assert.Equal($"arn:aws:iot:eu-west-1:{account.AccountId}:thing/pump-1", account.ThingArn("pump-1"));
        Assert.Equal($"arn:aws:iot:eu-west-1:{account.AccountId}:thinggroup/pumps", account.ThingGroupArn("pumps"));
        Assert.Equal($"region=eu-west-1&account={account.AccountId}", account.MqttUserName);
    }

    [Fact]
    public async Task An_emulator_that_is_not_there_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}/");
        other.Stop();
        await using var client = new EmulatorClient(address);
        Assert.StartsWith($"The emulator at {address} cannot be reached: ", (await Assert.ThrowsAsync<EmulatorException>(() => client.ResetAsync(Cancelled))).Message, StringComparison.Ordinal);
        Assert.StartsWith($"The emulator at {address} is not ready after ", (await Assert.ThrowsAsync<TimeoutException>(() => client.WaitUntilReadyAsync(TimeSpan.FromMilliseconds(1), Cancelled))).Message, StringComparison.Ordinal);
    }

    /// <summary>What a rule says, without the id of one that was added.</summary>
    private static string Text(FaultRule rule) => JsonSerializer.Serialize(rule);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
