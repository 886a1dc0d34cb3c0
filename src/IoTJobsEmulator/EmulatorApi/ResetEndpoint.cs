using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The way back to the start, for all accounts and regions.</summary>
internal sealed class ResetEndpoint(WorldReplacement replacement, StartingSeed startingSeed)
{
    public sealed record StatusView(string Status);

    /// <summary>Makes everything as it was at the start: no jobs, things or groups in any account and region, the machine's time, the first settings, no faults, no requests in the journal.</summary>
    /// <param name="seed">Whether the world then begins with the seed of the settings. If that is refused, it stays empty.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<StatusView> Reset(bool? seed, CancellationToken aborted)
    {
        if (seed is true)
        {
            await startingSeed.Reset(aborted);
            return new("ok");
        }
        await replacement.Reset();
        return new("ok");
    }
}
