using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;
using IoTJobsEmulator.Http.Logging;
using IoTJobsEmulator.Tests.Turns;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>What the log writes, and that it holds up nobody.</summary>
public sealed class LogTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task While_nobody_reads_it_lines_are_dropped_and_counted()
    {
        using var output = new Output();
        using var log = new BufferedLog(_time, output, Timeout.InfiniteTimeSpan);
        var line = new string('x', 1000);
        await Task.Run(() =>
        {
            for (var i = 0; i < 3 * BufferedLog.MaxGathered / 1000; i++)
                log.Write(line);
        }, TestContext.Current.CancellationToken).WaitAsync(TestContext.Current.CancellationToken);
        output.LetPass();
        log.Dispose();
        const string Told = " lines of the log were dropped, because standard output did not take them";
        var written = output.Lines.Count(said => said.EndsWith(line, StringComparison.Ordinal));
        var dropped = output.Lines.Where(said => said.EndsWith(Told, StringComparison.Ordinal))
            .Sum(said => int.Parse(said["warning: ".Length..^Told.Length], CultureInfo.InvariantCulture));
        Assert.InRange(dropped, 1, int.MaxValue);
        Assert.Equal(3 * BufferedLog.MaxGathered / 1000, written + dropped);
    }

    [Fact]
    public void The_end_does_not_wait_for_an_output_that_takes_nothing()
    {
        using var output = new Output();
        using var log = new BufferedLog(_time, output, TimeSpan.Zero);
        log.Write("x");
        log.Dispose();
        output.LetPass();
        output.WhenWritten.Wait(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void An_output_that_fails_ends_nothing()
    {
        using var output = new Output { Failures = 1 };
        using var log = new BufferedLog(_time, output, Timeout.InfiniteTimeSpan);
        log.Write("first");
        output.LetPass();
        output.WhenFailed.Wait(TestContext.Current.CancellationToken);
        log.Write("second");
        log.Dispose();
        Assert.Equal(["12:00:00.000 second", "warning: 1 lines of the log were dropped, because standard output did not take them"], output.Lines);
    }

    [Fact]
    public void Equal_warnings_are_written_once_and_counted()
    {
        using var output = new Output();
        output.LetPass();
        using var log = new BufferedLog(_time, output, Timeout.InfiniteTimeSpan);
        var logger = log.CreateLogger("any");
        Warn(3, "full");
        Warn(1, "other");
        _time.Pass(RepeatedEntries.Period);
        Warn(2, "full"); // the count goes on
        Warn(1, "other"); // a first one again
        _time.Pass(RepeatedEntries.Period);
        _time.Pass(RepeatedEntries.Period);
        Warn(2, "full");
        log.Dispose();
        Assert.Equal(
            [
                "12:00:00.000 warning: full", "12:00:00.000 warning: other", "12:00:10.000 warning: full (2 more)",
                "12:00:10.000 warning: other", "12:00:20.000 warning: full (2 more)", "12:00:30.000 warning: full", "12:00:30.000 warning: full (1 more)",
            ],
            output.Lines);
        Assert.Empty(_time.Waiting);

        void Warn(int times, string text)
        {
            for (var i = 0; i < times; i++)
                logger.Log(LogLevel.Warning, 0, text, null, static (text, _) => text);
        }
    }

    [Fact]
    public void Different_warnings_are_bounded()
    {
        List<string> written = [];
        using var repeated = new RepeatedEntries(_time, written.Add);
        Assert.Equal(RepeatedEntries.MaxEntries, Enumerable.Range(0, RepeatedEntries.MaxEntries + 5).Count(i => repeated.IsFirst(i.ToString(CultureInfo.InvariantCulture))));
        _time.Pass(RepeatedEntries.Period);
        Assert.Equal(["warning: 5 other warnings and errors are not shown"], written);
        Assert.True(repeated.IsFirst("again"));
    }

    [Fact]
    public void No_caller_writes_a_line_of_its_own()
    {
        using var output = new Output();
        output.LetPass();
        using var log = new BufferedLog(_time, output, Timeout.InfiniteTimeSpan);
        var forged = "a\r\n12:00:00.000 forged\e[2J\u0085\u2028\u202E\0z\u00FC";
        const string Shown = @"a\u000D\u000A12:00:00.000 forged\u001B[2J\u0085\u2028\u202E\u0000zü";
        log.Write(forged);
        log.CreateLogger("any").Log(LogLevel.Error, 0, forged, new InvalidOperationException(forged), static (text, _) => text);
        log.Write(new string('y', LogLine.MaxLength + 1));
        log.Dispose();
        Assert.Equal(
            [
                $"12:00:00.000 {Shown}", $"12:00:00.000 error: {Shown}", "  System.InvalidOperationException: a", @"  12:00:00.000 forged\u001B[2J", "  ", @"  \u202E\u0000zü",
                $"12:00:00.000 {new string('y', LogLine.MaxLength)}...",
            ],
            output.Lines);
    }

    /// <summary>A container asks every ten seconds, for as long as it lives.</summary>
    [Fact]
    public async Task Health_checks_have_a_line_only_when_they_fail()
    {
        using var output = new MemoryStream();
        await using (var host = EmulatorHost.Build(EmulatorOptions.Read(["--mqtt-port=off"], new Hashtable()), output, builder => builder.WebHost.UseTestServer()))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            using var client = ((TestServer)host.Services.GetRequiredService<IServer>()).CreateClient();
            foreach (var path in (string[])["/_emulator/health", "/_localstack/health", "/_emulator/ready", "/_emulator/clock"])
                Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.DeleteAsync(new Uri("/_emulator/ready", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        }
        Assert.Collection(
            Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n'),
            line => Assert.Contains(" GET /_emulator/clock 200 ", line, StringComparison.Ordinal),
            line => Assert.Contains(" DELETE /_emulator/ready 405 ", line, StringComparison.Ordinal));
    }

    /// <summary>An output that takes nothing until it is let pass.</summary>
    private sealed class Output : MemoryStream
    {
        private readonly ManualResetEventSlim _mayPass = new();

        public int Failures { get; set; }

        public ManualResetEventSlim WhenFailed { get; } = new();

        public ManualResetEventSlim WhenWritten { get; } = new();

        public string[] Lines => Encoding.UTF8.GetString(ToArray()).TrimEnd('\n').Split('\n');

        public void LetPass() => _mayPass.Set();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _mayPass.Wait();
            if (Failures-- > 0)
            {
                WhenFailed.Set();
                throw new IOException("No space left on device");
            }
            base.Write(buffer.ToArray(), 0, buffer.Length); // the other overload comes back here in a derived class
            WhenWritten.Set();
        }
    }
}
