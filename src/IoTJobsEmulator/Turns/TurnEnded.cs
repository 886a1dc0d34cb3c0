using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// What a turn changed and what that means to devices and listeners, told after its commit. A reset has no realm, and changes that
/// nobody lists.
/// </summary>
public sealed record TurnEnded(Realm? Realm, Moment At, IReadOnlyList<Change> Changes, IReadOnlyList<Announcement> Announcements)
{
    /// <summary>Which events the account wanted to be told of at the end of the turn; null when it never said.</summary>
    public EventConfiguration? EventConfiguration { get; init; }

    public bool IsReset => Realm is null;
}
