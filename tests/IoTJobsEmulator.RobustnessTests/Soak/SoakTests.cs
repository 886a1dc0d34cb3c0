using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.RobustnessTests.Mqtt;

namespace IoTJobsEmulator.RobustnessTests.Soak;

/// <summary>
/// Accounts, jobs, devices and connections come and go, and a reset takes them all away: what the process holds afterwards does not grow with how
/// much there was. SOAK_REQUESTS=n asks so often.
/// </summary>
public sealed class SoakTests
{
    /// <summary>Everything is reset after so many requests.</summary>
    private const int RequestsOfAWorld = 1_000;

    private const int WarmUp = 2 * RequestsOfAWorld;

    /// <summary>How much more memory there may be than after the warm-up: the collector takes its time, a leak does not end.</summary>
    private const double MostMemory = 1.8;

    /// <summary>What the thread pool may have more.</summary>
    private const int MostThreads = 24;

    /// <summary>How many answers may pass until the connections that were ended are closed.</summary>
    private const int MostLooks = 5_000;

    private readonly Extent _extent = Extent.Of("SOAK_REQUESTS", 4_000);

    [Fact]
    public async Task After_a_reset_nothing_is_left_of_what_there_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The figures of a process are read from /proc.");
        using var running = await EmulatorProcess.Start("--log-level", "error", "--mqtt-port", "0", "--deletion-duration", "0");
        var port = (await running.Ports())["mqtt"];
        running.ReadToTheEnd();
        await Load(running, port, WarmUp);
        var before = await Settled(running, descriptors: int.MaxValue);
        await Load(running, port, _extent.Count);
        var after = await Settled(running, before.Descriptors);
        _extent.Report($"after the warm-up {before}; after the load {after}");

        Assert.True(
            after.Descriptors <= before.Descriptors,
            $"""
            Descriptors: {before.Descriptors} before, {after.Descriptors} after; more: {string.Join(", ", after.OpenBeyond(before))}.
            Sockets now: {string.Join(", ", ProcessFigures.SocketsOf(running.Id))}; those of this process: {string.Join(", ", ProcessFigures.SocketsOf(Environment.ProcessId))}
            """);
        Assert.True(after.Threads <= before.Threads + MostThreads, $"Threads: {before.Threads} before, {after.Threads} after");
        Assert.True(after.ResidentKilobytes <= before.ResidentKilobytes * MostMemory, $"Memory: {before} before, {after} after");
    }

    /// <summary>The figures once as many descriptors are left as there were, or not even after many answers.</summary>
    private static async Task<ProcessFigures> Settled(EmulatorProcess running, int descriptors)
    {
        using var api = new Api(running.Url);
        await Api.Done(api.Get("/_emulator/ready")); // its connection is among the figures
        var (least, looks) = (ProcessFigures.Of(running.Id), 0);
        for (var unchanged = 0; (least.Descriptors > descriptors || unchanged < 200) && looks < MostLooks; looks++)
        {
            await Api.Done(api.Get("/_emulator/ready"));
            var now = ProcessFigures.Of(running.Id);
            unchanged = now.Descriptors < least.Descriptors ? 0 : unchanged + 1;
            least = now.Descriptors <= least.Descriptors ? now : least;
        }
        return least;
    }

    /// <summary>Its connections are its own, and closed at its end: how many a client opens is left to chance.</summary>
    private async Task Load(EmulatorProcess running, int port, int requests)
    {
        using var api = new Api(running.Url);
        var left = requests;
        api.Answered = _ => Interlocked.Decrement(ref left);
        while (left > 0)
        {
            var until = left - RequestsOfAWorld;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
            {
                var random = new Random(_extent.Random.Next());
                for (var round = 0; Volatile.Read(ref left) > Math.Max(until, 0); round++)
                    await LiveOnce(api, port, random, string.Create(CultureInfo.InvariantCulture, $"{caller}-{round}"));
            }).ToArray());
            await Api.Done(api.Post("/_emulator/reset"));
        }
    }

    /// <summary>An account with things, a job, devices that come, work and leave, and mostly an end of it all.</summary>
    private static async Task LiveOnce(Api api, int port, Random random, string name)
    {
        // The usual account is the one of devices that say no other.
        var account = random.Next(2) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64(1_000_000_000_000):D12}");
        var (thing, job) = ("thing-" + name, "job-" + name);
        await Done(HttpMethod.Post, $"/things/{thing}", new JsonObject { ["attributePayload"] = new JsonObject { ["attributes"] = new JsonObject { ["a"] = new string('x', 500) } } });
        await Done(HttpMethod.Put, $"/jobs/{job}", new JsonObject
        {
            ["targets"] = new JsonArray($"arn:aws:iot:us-east-1:{account ?? "123456789012"}:thing/{thing}"),
            ["document"] = new JsonObject { ["x"] = new string('d', random.Next(20_000)) }.ToJsonString(),
        });
        if (account is null)
            await LiveAsDevice(api, port, thing, job);
        await api.Send(HttpMethod.Get, $"/jobs/{job}", account: account);
        await api.Send(HttpMethod.Get, $"/{name}/nothing", account: account);
        if (random.Next(4) == 0)
            return;
        // Refused while as many jobs as the quota allows are being deleted, which is work of the background.
        await api.Send(HttpMethod.Delete, $"/jobs/{job}?force=true", account: account);
        await Done(HttpMethod.Delete, $"/things/{thing}");

        async Task Done(HttpMethod method, string path, object? body = null) => await Api.Done(api.Send(method, path, body, account));
    }

    private static async Task LiveAsDevice(Api api, int port, string thing, string job)
    {
        var jobs = $"$aws/things/{thing}/jobs/";
        using var line = await Line.Connected(port, thing);
        await line.Subscribe(jobs + "+/update/+", jobs + "notify-next");
        await line.Send(PacketBytes.Publish(Level.V311, $"retained/{thing}", Encoding.UTF8.GetBytes(thing), packetId: 2, retain: true));
        await line.Send(PacketBytes.Publish(Level.V311, $"{jobs}{job}/update", """{"status": "SUCCEEDED"}"""u8, packetId: 3));
        await line.Find(packet => packet.Type == PacketBytes.Message && packet.Topic == $"{jobs}{job}/update/accepted");
        api.Count();
    }
}
