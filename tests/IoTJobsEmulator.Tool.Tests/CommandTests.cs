using System.Globalization;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Tests;

/// <summary>The commands against an emulator that runs.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private const string Seed = """
        {"calls": [
          {"operation": "CreateThing", "input": {"thingName": "pump-1"}, "save": "pump"},
          {"operation": "CreateJob", "input": {"jobId": "update-firmware", "targets": ["${pump.thingArn}"], "document": "{}"}}]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iot-jobs-tests-");
    private JobsEmulator _emulator = null!;

    private string SeedFile => Path.Combine(_folder.FullName, "seed.json");

    private string Url => _emulator.ServiceUrl.AbsoluteUri;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(SeedFile, Seed, Cancelled);
        _emulator = await JobsEmulator.StartAsync(options => options.Settings["seed"] = SeedFile, Cancelled);
        await _emulator.ResetAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_clock_is_shown_frozen_advanced_set_and_let_run()
    {
        Assert.Equal(new(0, "2026-01-01T00:00:00.000Z frozen", ""), await Tool.Run("clock", "freeze", "2026-01-01T00:00:00Z", "--url", Url));
        Assert.Equal("2026-01-08T00:00:01.500Z frozen", (await Tool.Run("clock", "advance", "7d", "--url", Url) is { ExitCode: 0 } ? await Tool.Run("clock", "advance", "1.5", "--url", Url) : null)?.Output);
        Assert.Equal("2026-01-08T00:00:01.500Z frozen", (await Tool.Run("clock", "--url", Url)).Output);
        Assert.Equal("2027-01-01T00:00:00.000Z frozen", (await Tool.Run("clock", "set", "2027-01-01T01:00+01:00", "--url", Url)).Output);
        Assert.DoesNotContain("frozen", (await Tool.Run("clock", "run", "--url", Url)).Output, StringComparison.Ordinal);
        Assert.EndsWith("frozen", (await Tool.Run("clock", "freeze", "--url", Url)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_is_run_and_its_refusal_is_the_emulators_own()
    {
        var account = _emulator.NewAccount("eu-west-1");
        string[] arguments = ["seed", SeedFile, "--account", account.AccountId, "--region", account.Region, "--url", Url];
        Assert.Equal(new(0, "2 calls", ""), await Tool.Run(arguments));
        Assert.Equal(2, (await _emulator.Events.ListAsync(new() { Account = account, Types = [EventType.Thing, EventType.Job] }, cancellationToken: Cancelled)).Events.Count);
        Assert.Equal(new(1, "", "InvalidRequestException (400): seed: call 2, CreateJob (ResourceAlreadyExistsException): Job update-firmware already exists. The call before it stays."), await Tool.Run(arguments));
    }

    [Fact]
    public async Task A_reset_empties_the_emulator_or_has_it_begin_with_its_seed()
    {
        var jobs = new EventFilter { Types = [EventType.Job] };
        Assert.Equal(new(0, "", ""), await Tool.Run("reset", "--seed", "--url", Url));
        Assert.Single((await _emulator.Events.ListAsync(jobs, cancellationToken: Cancelled)).Events);
        Assert.Equal(new(0, "", ""), await Tool.Run("reset", "--url", Url));
        Assert.Empty((await _emulator.Events.ListAsync(jobs, cancellationToken: Cancelled)).Events);
    }

    [Fact]
    public async Task Devices_are_simulated()
    {
        string[] given = ["--picks-up", "2s", "--takes", "30s..3m", "--outcomes", "succeeded=95,FAILED=3,silent=2", "--offline", "0", "--seed", "2", "--namespace", "a"];
        Assert.Equal(new(0, "pump plays pump-*, 0 busy", ""), await Tool.Run(["simulate", "pump-*", .. given, "--url", Url]));
        Assert.Equal(new(0, "valves plays *, 0 busy", ""), await Tool.Run("simulate", "*", "--name", "valves", "--takes", "30s", "--url", Url));
        var simulators = await _emulator.Simulators.ListAsync(cancellationToken: Cancelled);
        Assert.Equal(
            new Simulator
            {
                Name = "pump",
                Things = "pump-*",
                PicksUp = TimeSpan.FromSeconds(2),
                Takes = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3)),
                Outcomes = simulators[0].Outcomes,
                Offline = 0,
                Seed = 2,
                NamespaceId = "a",
                StatusDetails = simulators[0].StatusDetails,
                Progress = simulators[0].Progress,
            },
            simulators[0]);
        Assert.Equal((95, 3, 2), (simulators[0].Outcomes?.Succeeded, simulators[0].Outcomes?.Failed, simulators[0].Outcomes?.Silent));
        Assert.Equal("pump plays pump-*, 0 busy\nvalves plays *, 0 busy", (await Tool.Run("simulate", "list", "--url", Url)).Output.ReplaceLineEndings("\n"));
        Assert.Equal(new(0, "", ""), await Tool.Run("simulate", "stop", "pump", "--url", Url));
        Assert.Equal(new(1, "", "ResourceNotFoundException (404): Simulator pump cannot be found."), await Tool.Run("simulate", "stop", "pump", "--url", Url));
    }

    [Fact]
    public async Task Events_are_printed_as_they_happen()
    {
        await _emulator.Clock.FreezeAsync(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), Cancelled);
        using var events = Tool.Start(null, "events", "--type", "execution,job", "--after", "0", "--url", Url);
        var account = new EmulatorAccount("111122223333", "eu-west-1");
        await _emulator.Seed.RunAsync(Seed, account, Cancelled);
        Assert.Equal("12:00:00.000  execution     update-firmware pump-1 #1 QUEUED  111122223333/eu-west-1", await events.StandardOutput.ReadLineAsync(Cancelled));
        Assert.Equal("12:00:00.000  job           update-firmware IN_PROGRESS  QUEUED=1  111122223333/eu-west-1", await events.StandardOutput.ReadLineAsync(Cancelled));
        await _emulator.Seed.RunAsync("""{"calls": [{"operation": "UpdateJobExecution", "input": {"thingName": "pump-1", "jobId": "update-firmware", "status": "FAILED", "statusDetails": {"why": "a\nb"}}}]}""", account, Cancelled);
        Assert.Equal("12:00:00.000  execution     update-firmware pump-1 #1 FAILED  why=a b  111122223333/eu-west-1", await events.StandardOutput.ReadLineAsync(Cancelled));
        await _emulator.DisposeAsync();
        await events.WaitForExitAsync(Cancelled);
        Assert.Equal(0, events.ExitCode);
    }

    [Fact]
    public async Task Events_end_when_they_are_interrupted()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var events = Tool.Start(null, "events", "--after", "0", "--url", Url);
        await _emulator.Clock.FreezeAsync(Cancelled);
        while (await events.StandardOutput.ReadLineAsync(Cancelled) is { } line && !line.Contains("frozen", StringComparison.Ordinal))
            continue;
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", events.Id.ToString(CultureInfo.InvariantCulture)]);
        await events.WaitForExitAsync(Cancelled);
        Assert.Equal((0, ""), (events.ExitCode, await events.StandardError.ReadToEndAsync(Cancelled)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task Events_are_coloured_unless_NO_COLOR_is_set(string noColour, bool isColoured)
    {
        await _emulator.Seed.RunAsync(Seed, cancellationToken: Cancelled);
        var variables = new Dictionary<string, string> { ["NO_COLOR"] = noColour, ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "1", ["TERM"] = "xterm" };
        string[] arguments = ["events", "--type", "execution", "--after", "0", "--count", "1", "--url", Url];
        Assert.Equal(isColoured, (await Tool.RunWith(variables, arguments)).Output.Contains('\e'));
        Assert.DoesNotContain("\e", (await Tool.RunWith([], arguments)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_told_by_the_exit_code()
    {
        Assert.Equal(new(0, "ready", ""), await Tool.RunWith(new() { ["IOTJOBS_URL"] = Url }, "health"));
        Assert.Equal(new(0, "ready", ""), await Tool.RunWith(new() { ["IOTJOBS_URL"] = "http://127.0.0.1:1" }, "health", "--wait", "30s", "--url", Url));
        var refused = await Tool.Run("health", "--url", "http://127.0.0.1:1");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("The emulator at http://127.0.0.1:1/ cannot be reached: ", refused.Error, StringComparison.Ordinal);
        Assert.StartsWith("The emulator at http://127.0.0.1:1/ is not ready after 00:00:00.0010000.", (await Tool.Run("health", "--wait", "1ms", "--url", "http://127.0.0.1:1")).Error, StringComparison.Ordinal);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
