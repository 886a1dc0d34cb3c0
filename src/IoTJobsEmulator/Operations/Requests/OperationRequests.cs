using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations.Faults;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>What every request for an operation of AWS meets, however it comes: the faults, and the journal.</summary>
internal sealed class OperationRequests(FaultRules faults, RequestJournal journal, TimeProvider machine)
{
    public FaultRules Faults => faults;

    public RequestJournal Journal => journal;

    public TimeProvider Machine => machine;

    /// <summary>Whether <see cref="Count"/> is to be called.</summary>
    public Func<bool> IsCounted { get; set; } = static () => false;

    /// <summary>Called with each request when it has ended, before its answer leaves.</summary>
    public Action<OperationRequest> Count { get; set; } = static _ => { };

    /// <summary>A request has come.</summary>
    /// <param name="transport">How it came.</param>
    /// <param name="tenant">The account and region that it is for.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="operation">What it asks for; null when that is not known yet.</param>
    public OperationRequest Begin(Transport transport, Tenant tenant, RequestOrigin origin, long bytes, Operation? operation = null) =>
        new(this, transport, tenant, origin, bytes) { Operation = operation };

    /// <summary>A simulated device calls an operation.</summary>
    /// <param name="tenant">Its account and region.</param>
    /// <param name="simulator">The name of its simulator.</param>
    /// <param name="bytes">About how much memory the request keeps.</param>
    /// <param name="operation">What it asks for.</param>
    /// <param name="at">The moment of the turn.</param>
    public OperationRequest BeginSimulated(Tenant tenant, string simulator, long bytes, Operation operation, Moment at) =>
        new(this, Transport.simulator, tenant, new(simulator, null, null, null), bytes) { Operation = operation, At = at };

    /// <summary>A request has come for an operation of AWS that the emulator does not have.</summary>
    public OperationRequest BeginMissing(string operation, Tenant tenant, RequestOrigin origin) =>
        new(this, Transport.http, tenant, origin, 0) { MissingOperation = operation };

    /// <summary>Forgets the rules, what they delay, and the journal. Called when the world was reset.</summary>
    public void Reset()
    {
        faults.Reset();
        journal.Clear();
    }
}
