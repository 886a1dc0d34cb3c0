using System.Net;
using IoTJobsEmulator.EmulatorApi;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Whether the emulator says of itself that it answers.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task It_is_ready_while_turns_are_taken_and_healthy_in_any_case()
    {
        using var emulator = new Emulator();
        using var client = emulator.CreateClient();
        using var mayEnd = new ManualResetEventSlim();
        var hasBegun = new TaskCompletionSource();
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync(new Uri("/_emulator/ready", UriKind.Relative), Cancelled));

        var stuck = Task.Run(() => emulator.Turns.InTurn(_ =>
        {
            hasBegun.SetResult();
            mayEnd.Wait(Cancelled);
            return true;
        }), Cancelled);
        await hasBegun.Task;
        for (var i = 0; i < 2; i++)
        {
            var asked = client.GetAsync(new Uri("/_emulator/ready", UriKind.Relative), Cancelled);
            while (!emulator.Time.Waiting.Contains(HealthEndpoints.ReadyWithin))
                await Task.Yield();
            emulator.Time.Pass(HealthEndpoints.ReadyWithin);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await asked).StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/_emulator/health", UriKind.Relative), Cancelled)).StatusCode);

        mayEnd.Set();
        await stuck;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/_emulator/ready", UriKind.Relative), Cancelled)).StatusCode);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
