namespace IoTJobsEmulator.Tests.Simulators;

/// <summary>What faults do to the calls of simulated devices.</summary>
public sealed class SimulatorFaultTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("""{"operation": "UpdateJobExecution", "error": "ThrottlingException", "times": 2}""",
        "12:00:01 start 200; 12:00:11 update 429 error ThrottlingException; 12:00:12 update 429 error ThrottlingException; 12:00:14 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "StartNextPendingJobExecution", "transport": "simulator", "drop": "before", "times": 1}""",
        "12:00:01 start none drop before; 12:00:02 start 200; 12:00:12 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "UpdateJobExecution", "transport": "simulator", "drop": "after", "times": 1}""",
        "12:00:01 start 200; 12:00:11 update none drop after; 12:00:12 update 409", "SUCCEEDED 3")]
    [InlineData("""{"operation": "StartNextPendingJobExecution", "drop": "after", "times": 1}""",
        "12:00:01 start none drop after; 12:00:02 start 200; 12:00:12 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "UpdateJobExecution", "error": "InvalidStateTransitionException", "times": 1}""",
        "12:00:01 start 200; 12:00:11 update 409 error InvalidStateTransitionException; 12:00:12 start 200; 12:00:22 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "UpdateJobExecution", "delay": "90s"}""", "12:00:01 start 200; 12:00:11 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "UpdateJobExecution", "duplicate": true}""", "12:00:01 start 200; 12:00:11 update 200", "SUCCEEDED 3")]
    [InlineData("""{"operation": "*", "transport": "http", "error": "ThrottlingException"}""", "12:00:01 start 200; 12:00:11 update 200", "SUCCEEDED 3")]
    public async Task A_fault_strikes_a_call_of_a_device_which_does_what_a_careful_device_does(string fault, string expected, string execution)
    {
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        await Put("""{"things": "pump-*", "takes": {"from": "10s", "to": "10s"}}""");
        Assert.Equal(200, (await _emulator.Send("POST", "/_emulator/faults", fault)).Status);
        await _emulator.Advance(TimeSpan.FromHours(1));
        await _emulator.Turns.WhenIdle();

        var requests = (await _emulator.Send("GET", "/_emulator/requests?transport=simulator")).Json["requests"]!.AsArray();
        Assert.Equal(expected, string.Join("; ", requests.Select(call =>
            $"{((string)call!["time"]!)[11..19]} {((string)call["operation"]!)[..5].ToLowerInvariant().Replace("updat", "update", StringComparison.Ordinal)} {call["status"]?.ToString() ?? "none"} {call["fault"]?["effect"]}".TrimEnd())));
        await _emulator.Send("DELETE", "/_emulator/faults");
        var shown = (await _emulator.Send("GET", "/things/pump-1/jobs/update-firmware")).Json["execution"]!;
        Assert.Equal(execution, $"{shown["status"]} {shown["versionNumber"]}");
    }

    [Theory]
    [InlineData("""{"operation": "UpdateJobExecution", "transport": "simulator", "delay": "1s"}""", "delay and transport simulator exclude each other")]
    [InlineData("""{"operation": "UpdateJobExecution", "transport": "simulator", "duplicate": true}""", "duplicate and transport simulator exclude each other")]
    [InlineData("""{"operation": "CreateJob", "transport": "simulator", "drop": true}""", "CreateJob is called by no simulated device")]
    [InlineData("""{"operation": "GetPendingJobExecutions", "transport": "simulator", "drop": true}""", "GetPendingJobExecutions is called by no simulated device")]
    [InlineData("""{"notification": "notify", "transport": "simulator", "drop": true}""", "notification and transport simulator exclude each other")]
    public async Task A_fault_that_no_call_of_a_device_can_meet_is_refused(string fault, string reason) =>
        Assert.Equal((400, "InvalidRequestException", $"1 validation error detected: {reason}"), (await _emulator.Send("POST", "/_emulator/faults", fault)).Refusal);

    [Fact]
    public async Task Without_a_journal_devices_call_and_meet_faults_all_the_same()
    {
        using var emulator = new Emulator(("journal-size", "0"));
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        await emulator.Send("PUT", "/_emulator/simulators/pumps", """{"things": "pump-1"}""");
        await emulator.Send("POST", "/_emulator/faults", """{"operation": "UpdateJobExecution", "drop": "before", "times": 1}""");
        await emulator.Advance(TimeSpan.FromHours(1));
        Assert.Equal("SUCCEEDED", (string?)(await emulator.Send("GET", "/things/pump-1/jobs/update-firmware")).Json["execution"]!["status"]);
    }

    private async Task Put(string definition) => Assert.Equal(200, (await _emulator.Send("PUT", "/_emulator/simulators/pumps", definition)).Status);
}
