using System.Diagnostics;
using IoTJobsEmulator.Testing;

/// <summary>The tool iot-jobs-emulator, which is on the path: it starts an emulator, and its commands and the package's client speak to it.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task It_starts_an_emulator_with_its_console_and_commands_reach_it()
    {
        using var serve = Start("--port", "0", "--mqtt-port", "0", "--mqtt-tls-port", "off", "--https-port", "off");
        try
        {
            await using var emulator = new EmulatorClient(await Address(serve));
            Assert.Equal("2026-01-01T00:00:00.000Z frozen", await Run("clock", "freeze", "2026-01-01", "--url", emulator.ServiceUrl.AbsoluteUri));
            Assert.True((await emulator.Clock.GetAsync(Cancelled)).Frozen);
            using var http = emulator.CreateHttpClient(emulator.NewAccount());
            foreach (var path in new[] { "things", "_emulator/console/_framework/blazor.web.js", "_emulator/console/_content/IoTJobsEmulator.Console/console.css", "swagger/index.html" })
            {
                using var answer = await http.GetAsync(path, Cancelled);
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            }
        }
        finally
        {
            serve.Kill();
        }
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("iot-jobs-emulator", arguments) { RedirectStandardOutput = true })!;

    private static async Task<Uri> Address(Process serve)
    {
        const string Start = "Listening on ";
        while (await serve.StandardOutput.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith(Start, StringComparison.Ordinal))
                return new(line[Start.Length..]);
        }
        throw new InvalidOperationException("The tool has not started the emulator.");
    }

    private static async Task<string> Run(params string[] arguments)
    {
        using var command = Start(arguments);
        var output = await command.StandardOutput.ReadToEndAsync(Cancelled);
        await command.WaitForExitAsync(Cancelled);
        Assert.Equal(0, command.ExitCode);
        return output.Trim();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
