using System.Diagnostics;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// What a committed turn changed and what it announces to devices and listeners. Everything in it is immutable and may be read on
/// any thread, without a turn. A reset or a restore belongs to no tenant and lists no changes.
/// </summary>
/// <param name="Tenant">The account and region that the turn changed; null for a reset and a restore.</param>
/// <param name="At">The emulator's time in the turn.</param>
/// <param name="Changes">The changed rows, in order.</param>
/// <param name="Announcements">What follows from the changes, in order.</param>
public sealed record TurnEnded(Tenant? Tenant, Moment At, IReadOnlyList<RowChange> Changes, IReadOnlyList<Announcement> Announcements)
{
    /// <summary>Which events were enabled at the end of the turn; null when the account has never configured any.</summary>
    public EventConfiguration? EventConfiguration { get; init; }

    /// <summary>The value of <see cref="TurnGate.Resets"/> in the turn.</summary>
    public long Resets { get; init; }

    /// <summary>Whether the turn replaced the world by a snapshot or a file, of which devices hear nothing.</summary>
    public bool IsRestore { get; init; }

    /// <summary>Whether it did due work and answered no request.</summary>
    public bool IsDueWork { get; init; }

    /// <summary>Its span, of which the spans of what it announces are children; null when nobody follows it.</summary>
    public Activity? Span { get; init; }

    public bool IsReset => Tenant is null && !IsRestore;
}
