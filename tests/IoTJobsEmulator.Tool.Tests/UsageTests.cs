namespace IoTJobsEmulator.Tool.Tests;

/// <summary>What the tool says of itself and of a wrong command line, without an emulator.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("BY: 'soon' is not a number of seconds, or 500ms, 90s, 15m, 24h, 7d.", "clock", "advance", "soon")]
    [InlineData("MOMENT: 'noon' is not a moment such as 2026-01-01T00:00:00Z.", "clock", "freeze", "noon")]
    [InlineData("Required argument 'BY' missing for command: 'advance'.", "clock", "advance")]
    [InlineData("Required argument 'THINGS' missing for command: 'simulate'.", "simulate")]
    [InlineData("clock", "clok")]
    [InlineData("--type: 'shadow' is not a type of events.", "events", "--type", "job,shadow")]
    [InlineData("--takes: '1s..2s..3s' is not two durations such as 30s..3m, or one.", "simulate", "pump-*", "--takes", "1s..2s..3s")]
    [InlineData("--outcomes: 'DONE=1' is not numbers of SUCCEEDED, FAILED, REJECTED and silent, such as SUCCEEDED=95,FAILED=5.", "simulate", "pump-*", "--outcomes", "DONE=1")]
    [InlineData("--url: 'localhost:8080' is not a URL such as http://localhost:8080.", "health", "--url", "localhost:8080")]
    [InlineData("--account: '1234' is not 12 digits.", "simulate", "list", "--account", "1234")]
    [InlineData("--region is that of --account: it cannot be given alone.", "simulate", "list", "--region", "eu-west-1")]
    [InlineData("File does not exist: 'none.json'.", "seed", "none.json")]
    [InlineData("Unknown setting --prot. Did you mean --port?", "--prot", "0")]
    [InlineData("--port: 'http' is not a number from 0 to 65535.", "serve", "--port", "http")]
    public async Task A_wrong_command_line_is_refused_and_ends_with_2(string message, params string[] arguments)
    {
        var result = await Tool.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_no_URL_is_named()
    {
        var result = await Tool.RunWith(new() { ["IOTJOBS_URL"] = "localhost" }, "clock");
        Assert.Equal((2, "IOTJOBS_URL: 'localhost' is not a URL such as http://localhost:8080."), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("simulate <THINGS>", "--help")]
    [InlineData("[default: http://localhost:8080]", "clock", "advance", "--help")]
    [InlineData("--deletion-duration", "serve", "--help")]
    public async Task Help_is_there_for_each_command(string text, params string[] arguments)
    {
        var result = await Tool.Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }
}
