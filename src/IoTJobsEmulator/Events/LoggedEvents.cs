using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Events;

/// <summary>What is kept in the log of one thing that happened. Events are made of it when somebody reads them.</summary>
/// <param name="tenant">The account and region; null when it concerns all, or nobody knows.</param>
/// <param name="at">When it happened, on the emulator's clock.</param>
internal abstract class LoggedEvents(Tenant? tenant, Moment at) : NumberedItem
{
    public Tenant? Tenant => tenant;

    /// <summary>Its events, in the order of their numbers.</summary>
    public abstract IEnumerable<EmulatorEvent> Events();

    protected EmulatorEvent New(EmulatorEventType type, int place = 0) =>
        new() { Number = First + place, Time = at.ToString(), Type = type, Account = tenant?.Account, Region = tenant?.Region };
}

/// <summary>A message that the service has published.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="ThingName">The thing that it concerns; null for none.</param>
/// <param name="JobId">The job that it concerns; null for none, or several.</param>
internal readonly record struct Notification(string Topic, string? ThingName, string? JobId)
{
    public EmulatorEvent Complete(EmulatorEvent begun) => begun with { Topic = Topic, Thing = ThingName, JobId = JobId };
}

/// <inheritdoc cref="Notification"/>
internal sealed class LoggedNotification(Tenant tenant, Moment at, Notification notification) : LoggedEvents(tenant, at)
{
    public override long Bytes => 200 + (2 * notification.Topic.Length);

    public override IEnumerable<EmulatorEvent> Events() => [notification.Complete(New(EmulatorEventType.notification))];
}

/// <summary>Messages that the service has published, of which the topics are asked for when somebody reads of them.</summary>
internal sealed class LoggedNotifications(Tenant tenant, Moment at, int count, Func<IEnumerable<Notification>> notifications) : LoggedEvents(tenant, at)
{
    public override int Count => count;

    public override long Bytes => 400L * count;

    public override IEnumerable<EmulatorEvent> Events() =>
        notifications().Select((notification, place) => notification.Complete(New(EmulatorEventType.notification, place)));
}

/// <summary>An MQTT client has connected or was disconnected.</summary>
/// <param name="tenant">What the client states; null for nothing.</param>
/// <param name="at">When, on the emulator's clock.</param>
/// <param name="clientId">Its id.</param>
/// <param name="reason">Why it was disconnected; null for a client that has connected.</param>
internal sealed class LoggedConnection(Tenant? tenant, Moment at, string clientId, string? reason) : LoggedEvents(tenant, at)
{
    public override long Bytes => 200 + (2 * clientId.Length);

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
    public override long Bytes => 100;

    public override IEnumerable<EmulatorEvent> Events() => [New(EmulatorEventType.clock) with { Frozen = isFrozen }];
}

/// <summary>The whole world was replaced: by a reset or a restore.</summary>
internal sealed class LoggedReplacement(EmulatorEventType type, Moment at) : LoggedEvents(null, at)
{
    public override long Bytes => 100;

    public override IEnumerable<EmulatorEvent> Events() => [New(type)];
}
