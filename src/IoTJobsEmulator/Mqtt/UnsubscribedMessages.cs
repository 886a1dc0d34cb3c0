using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Messages of a turn that were published while no client subscribed to their topics. They are created when somebody asks what was published: a job of
/// a fleet has two for each thing, and most are never asked for.
/// </summary>
/// <param name="tenant">The account and region.</param>
/// <param name="at">The time of the turn.</param>
/// <param name="publishedAt">When they were published, on the machine's clock.</param>
/// <param name="announcements">Those that are published, at least one.</param>
/// <param name="topics">Topic and payload of each.</param>
internal sealed class UnsubscribedMessages(
    Tenant tenant, Moment at, DateTimeOffset publishedAt, IReadOnlyList<Announcement> announcements, EventTopics topics) : PublishedItem
{
    /// <summary>What a message counts for that is not created yet: its announcement.</summary>
    private const long BytesUntilCreated = 256;

    private volatile (MqttMessage Message, Notification Notification)[]? _messages;

    public override int Count { get; } = CountOf(announcements);

    public override long Bytes => _messages is { } created ? created.Sum(one => BytesOf(one.Message)) : BytesUntilCreated * Count;

    public override IEnumerable<PublishedEntry> Entries()
    {
        var of = ClientTenant.TenantOf(tenant);
        return Messages().Select((one, place) => new PublishedEntry(First + place, one.Message, From: null, To: null, of));
    }

    /// <summary>What the events say of them.</summary>
    public IEnumerable<Notification> Notifications() => Messages().Select(one => one.Notification);

    /// <summary>Created once, because two that ask must see the same message. That of the first to finish is kept: each of these has no lock of its own.</summary>
    private (MqttMessage Message, Notification Notification)[] Messages()
    {
        if (_messages is { } created)
            return created;
        (MqttMessage, Notification)[] mine = [.. announcements.SelectMany(Create)];
        return Interlocked.CompareExchange(ref _messages, mine, null) ?? mine;
    }

    private static int CountOf(IReadOnlyList<Announcement> announcements)
    {
        var count = 0;
        for (var i = 0; i < announcements.Count; i++)
            count += EventTopics.CountOf(announcements[i]);
        return count;
    }

    private IEnumerable<(MqttMessage Message, Notification Notification)> Create(Announcement announcement)
    {
        var (first, payload) = topics.MessageOf(tenant, at, announcement);
        var subject = NotificationTargets.SubjectOf(tenant, announcement);
        foreach (var topic in EventTopics.OtherTopicsOf(announcement).Prepend(first))
        {
            var message = new MqttMessage(topic, payload, Qos.AtLeastOnce, Retain: false, MqttProperties.None, publishedAt);
            yield return (message, new(topic, subject.ThingName, subject.JobId));
        }
    }
}
