using System.Globalization;
using System.Net;

namespace IoTJobsEmulator.Tool.Tests;

/// <summary>The emulator that the tool starts, with and without the word.</summary>
public sealed class ServeTests
{
    [Theory]
    [InlineData]
    [InlineData("serve")]
    public async Task It_is_the_whole_emulator_with_its_console(params string[] command)
    {
        using var process = Tool.Start(null, [.. command, "--port", "0", "--mqtt-port", "off", "--mqtt-tls-port", "off", "--https-port", "off"]);
        try
        {
            const string Start = "Listening on ";
            var line = "";
            while (!line.StartsWith(Start, StringComparison.Ordinal))
                line = await process.StandardOutput.ReadLineAsync(Cancelled) ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancelled));
            using var http = new HttpClient { BaseAddress = new(line[Start.Length..]) };
            foreach (var path in new[] { "things", "_emulator/console/_framework/blazor.web.js", "_emulator/console/_content/IoTJobsEmulator.Console/console.css", "swagger/emulator/swagger.json" })
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
                Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            }
            if (!OperatingSystem.IsWindows())
            {
                using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                await process.WaitForExitAsync(Cancelled);
                Assert.Equal(0, process.ExitCode);
            }
        }
        finally
        {
            process.Kill();
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
