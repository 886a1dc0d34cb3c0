using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Whether the emulator runs, and whether it answers requests.</summary>
internal sealed class HealthEndpoints(TurnGate turns, TimeProvider machine)
{
    /// <summary>How long a turn may take to come before the emulator is not ready.</summary>
    public static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(5);

    private Task _turn = Task.CompletedTask;

    public sealed record HealthView(string Status, string Version, IReadOnlyDictionary<string, string> Services);

    public sealed record ReadyView(string Status);

    /// <summary>Tells that the emulator runs, and in which version.</summary>
    public static ValueTask<HealthView> GetHealth() => new(new HealthView(
        "running", Banner.Version, new Dictionary<string, string> { ["iot"] = "running", ["iot-jobs-data"] = "running" }));

    /// <summary>Tells that the state is loaded and requests are answered: it takes a turn as they do. Refused when none comes within five seconds.</summary>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<ReadyView> GetReady(CancellationToken aborted)
    {
        // Callers share a turn, so that while none comes only one thread waits for it.
        var turn = _turn;
        if (turn.IsCompleted)
            _turn = turn = Task.Run(() => turns.InTurn(_ => turns.WhenStored), CancellationToken.None);
        try
        {
            await turn.WaitAsync(ReadyWithin, machine, aborted);
            return new("ready");
        }
        catch (TimeoutException)
        {
            throw ServiceError.ServiceUnavailable.Because("Requests are not answered: for five seconds no turn came, or the database was not written");
        }
    }
}
