using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Events;

/// <summary>What is kept in the log of one thing that happened. Events are made of it when somebody reads them.</summary>
/// <param name="tenant">The account and region; null when it concerns all, or nobody knows.</param>
/// <param name="at">When it happened, on the emulator's clock.</param>
internal abstract class LoggedEvents(Tenant? tenant, Moment at)
{
    public Tenant? Tenant => tenant;

    /// <summary>The first of its numbers. Set when it is added.</summary>
    public long First { get; set; }

    /// <summary>The last of its numbers.</summary>
    public long Last => First + Count - 1;

    /// <summary>How many numbers it takes.</summary>
    public virtual int Count => 1;

    /// <summary>About how much memory it keeps.</summary>
    public abstract int Bytes { get; }

    /// <summary>Its events, in the order of their numbers.</summary>
    public abstract IEnumerable<EmulatorEvent> Events();

    protected EmulatorEvent New(EmulatorEventType type, int place = 0) =>
        new() { Number = First + place, Time = at.ToString(), Type = type, Account = tenant?.Account, Region = tenant?.Region };
}

/// <summary>A message that the service has published.</summary>
internal sealed class LoggedNotification(Tenant tenant, Moment at, string topic, string? thingName, string? jobId) : LoggedEvents(tenant, at)
{
    public override int Bytes => 200 + (2 * topic.Length);

    public override IEnumerable<EmulatorEvent> Events() => [New(EmulatorEventType.notification) with { Topic = topic, Thing = thingName, JobId = jobId }];
}

/// <summary>An MQTT client has connected or was disconnected.</summary>
/// <param name="tenant">What the client states; null for nothing.</param>
/// <param name="at">When, on the emulator's clock.</param>
/// <param name="clientId">Its id.</param>
/// <param name="reason">Why it was disconnected; null for a client that has connected.</param>
internal sealed class LoggedConnection(Tenant? tenant, Moment at, string clientId, string? reason) : LoggedEvents(tenant, at)
{
    public override int Bytes => 200 + (2 * clientId.Length);

    public override IEnumerable<EmulatorEvent> Events() =>
    [
        New(EmulatorEventType.connection) with
        {
            Change = reason is null ? EmulatorEventChange.connected : EmulatorEventChange.disconnected,
            ClientId = clientId,
            Reason = reason,
        },
    ];
}

/// <summary>The clock was set, frozen or advanced, or runs again.</summary>
internal sealed class LoggedClock(Moment now, bool isFrozen) : LoggedEvents(null, now)
{
    public override int Bytes => 100;

    public override IEnumerable<EmulatorEvent> Events() => [New(EmulatorEventType.clock) with { Frozen = isFrozen }];
}

/// <summary>The whole world was replaced: by a reset or a restore.</summary>
internal sealed class LoggedReplacement(EmulatorEventType type, Moment at) : LoggedEvents(null, at)
{
    public override int Bytes => 100;

    public override IEnumerable<EmulatorEvent> Events() => [New(type)];
}
