using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The way back to the start, for all accounts and regions.</summary>
internal sealed class ResetEndpoint(TurnGate turns, OperationRequests requests)
{
    public sealed record StatusView(string Status);

    /// <summary>Makes everything as it was at the start: no jobs, things or groups in any account and region, the machine's time, the first settings, no faults, no requests in the journal.</summary>
    public async ValueTask<StatusView> Reset()
    {
        await turns.Reset();
        requests.Reset();
        return new("ok");
    }
}
