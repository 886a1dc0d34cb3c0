using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// What a turn changed and what that means to devices and listeners, told after its commit. A reset has no realm, and changes that
/// nobody lists.
/// </summary>
public sealed record TurnEnded(Realm? Realm, Moment At, IReadOnlyList<Change> Changes, IReadOnlyList<Announcement> Announcements)
{
    public bool IsReset => Realm is null;
}
