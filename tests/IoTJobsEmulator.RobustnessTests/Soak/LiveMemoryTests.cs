using System.Globalization;
using System.Net.Http.Json;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.RobustnessTests.Soak;

/// <summary>
/// Counts the bytes that are alive on the heap of this process, which runs one emulator and nothing else meanwhile: the tests of this project
/// run one after the other.
/// </summary>
public sealed class LiveMemoryTests
{
    /// <summary>Their documents are short, because the runtime pools long buffers for each thread. Together they are more than what a fresh emulator has.</summary>
    private const int Jobs = 4_000;

    private const int DocumentLength = 1_000;

    /// <summary>
    /// What the runtime pools for each thread grows as long as threads come that have done nothing yet, which is left to chance. What stays of
    /// a world stays of each.
    /// </summary>
    private const int MostWorlds = 4;

    [Fact]
    public async Task After_a_reset_a_tenth_more_is_alive_than_before_at_most()
    {
        var options = EmulatorOptions.Read(["--log-level", "warning"], new Dictionary<string, string>());
        await using var emulator = EmulatorHost.Build(options, Stream.Null, builder => builder.WebHost.UseTestServer());
        await emulator.StartAsync(TestContext.Current.CancellationToken);
        // The first worlds fill pools and caches, which stay.
        for (var world = 0; world < 2; world++)
            await FillAndReset(emulator, "warm-up", Jobs / 4);
        List<long> alive = [AliveBytes()];
        do
        {
            await FillAndReset(emulator, "load", Jobs);
            alive.Add(AliveBytes());
        }
        while (HasGrown(alive) && alive.Count <= MostWorlds);

        Assert.False(HasGrown(alive), $"bytes alive after each world: {string.Join(", ", alive)}");
    }

    private static bool HasGrown(List<long> alive) => alive[^1] > alive[^2] + (alive[^2] / 10);

    private static async Task FillAndReset(EmulatorHost emulator, string name, int jobs)
    {
        using var client = ((TestServer)emulator.Services.GetRequiredService<IServer>()).CreateClient();
        await Done(await client.PostAsJsonAsync(new Uri($"things/{name}", UriKind.Relative), new { }));
        for (var i = 0; i < jobs; i++)
        {
            await Done(await client.PutAsJsonAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"jobs/{name}-{i}"), UriKind.Relative), new
            {
                targets = new[] { $"arn:aws:iot:us-east-1:123456789012:thing/{name}" },
                document = $$"""{"x": "{{new string('d', DocumentLength)}}"}""",
            }));
        }
        await Done(await client.PostAsync(new Uri("_emulator/reset", UriKind.Relative), null));
        await emulator.Services.GetRequiredService<TurnGate>().WhenIdle();
    }

    private static async Task Done(HttpResponseMessage answer)
    {
        using (answer)
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static long AliveBytes()
    {
        var alive = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 3; i++)
            alive = Math.Min(alive, GC.GetTotalMemory(forceFullCollection: true));
        return alive;
    }
}
