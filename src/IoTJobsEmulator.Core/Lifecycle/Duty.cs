using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>One kind of work that is done without a request.</summary>
/// <param name="Name">What it is, for the message of an error.</param>
/// <param name="DueAt">
/// When its next step is due in a realm: <see cref="DueWork.AtOnce"/> whatever the clock says, null when there is none. Asked after
/// every turn, so it looks at the head of an index and allocates nothing.
/// </param>
/// <param name="Step">Does its next step, of about <see cref="DueWork.ChangesPerTurn"/> rows. It must change something.</param>
public sealed record Duty(string Name, Func<Realm, Moment?> DueAt, Action<Realm> Step)
{
    /// <summary>When its next step is due that may not be done later, together with others. A clock that is set ahead stops only there.</summary>
    public Func<Realm, Moment?> ChangesAt { get; init; } = DueAt;
}
