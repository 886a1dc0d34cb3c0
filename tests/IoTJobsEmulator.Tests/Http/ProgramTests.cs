using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>The program as users start it: a process of its own, on a socket.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task It_says_where_it_listens_and_ends_when_it_is_told_to()
    {
        using var running = await Running.Start();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(running.Url, "/_emulator/health"), Cancelled);
        Assert.Equal("running", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["status"]);
        Assert.False(answer.Headers.Contains("Server"));

        var (exitCode, took) = await running.Terminate();
        Assert.Equal(0, exitCode);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task It_ends_at_once_although_a_connection_is_open()
    {
        using var running = await Running.Start();
        using var connection = await running.Connect();
        await connection.GetStream().WriteAsync("PUT /jobs/update-firmware HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Cancelled);
        Assert.InRange((await running.Terminate()).Took, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task A_second_one_cannot_listen_there_and_the_health_check_tells()
    {
        using var running = await Running.Start();
        var port = running.Url.Port.ToString(CultureInfo.InvariantCulture);

        var second = await Running.ToItsEnd("--port", port);
        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith($"Cannot listen on localhost port {port}: ", second.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await Running.ToItsEnd("--health-check", "--port", port)).ExitCode);
        await running.Terminate();
        Assert.Equal(1, (await Running.ToItsEnd("--health-check", "--port", port)).ExitCode);
    }

    [Fact]
    public async Task A_bad_setting_stops_the_start()
    {
        var (exitCode, output, error) = await Running.ToItsEnd("--deletion-duration", "soon");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("--deletion-duration: 'soon' is not ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_answered_before_it_is_read()
    {
        using var running = await Running.Start();
        using var connection = await running.Connect();
        var stream = connection.GetStream();
        await stream.WriteAsync("PUT /jobs/update-firmware HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"u8.ToArray(), Cancelled);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(Cancelled));
        await running.Terminate();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The program in a process of its own.</summary>
    private sealed class Running : IDisposable
    {
        private readonly Process _process;

        private Running(Process process, Uri url) => (_process, Url) = (process, url);

        public Uri Url { get; }

        public static async Task<Running> Start()
        {
            var process = Run("--port", "0");
            while (await process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
            {
                if (line.StartsWith("Listening on ", StringComparison.Ordinal))
                    return new(process, new(line["Listening on ".Length..]));
            }
            throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancelled));
        }

        public static async Task<(int ExitCode, string Output, string Error)> ToItsEnd(params string[] arguments)
        {
            using var process = Run(arguments);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
            await process.WaitForExitAsync(Cancelled);
            return (process.ExitCode, await output, await error);
        }

        public async Task<TcpClient> Connect()
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(Url.Host, Url.Port, Cancelled);
            return connection;
        }

        public async Task<(int ExitCode, TimeSpan Took)> Terminate()
        {
            var began = Stopwatch.GetTimestamp();
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync(Cancelled);
            return (_process.ExitCode, Stopwatch.GetElapsedTime(began));
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }

        private static Process Run(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(EmulatorOptions).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ASPNETCORE_HTTP_PORTS"] = "8080" }, // as the base image has it
            };
            return Process.Start(start)!;
        }
    }
}
