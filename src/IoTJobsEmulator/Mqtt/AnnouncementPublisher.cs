using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Turns;
using Activity = System.Diagnostics.Activity;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Publishes what turns announce, with the topics and payloads of <see cref="EventTopics"/> and with what the faults do to it. Messages that no
/// client can receive are only kept, for those who ask what was published.
/// </summary>
internal sealed class AnnouncementPublisher(
    MqttBroker broker, PublishedMessages messages, EventTopics topics, FaultRules faults, EventLog eventLog, TimeProvider machine)
{
    /// <summary>Publishes the announcements of a turn. Called for one turn after the other.</summary>
    public void Publish(TurnEnded turn)
    {
        if (turn.Tenant is not { } tenant || EventTopics.PublishedOf(turn.Announcements, turn.EventConfiguration) is not { Count: > 0 } announcements)
            return;
        if (broker.HasSubscriptions || turn.Span is not null || faults.Any)
            PublishEach(tenant, turn, announcements);
        else
            KeepUnsubscribed(tenant, turn, announcements);
    }

    private void PublishEach(Tenant tenant, TurnEnded turn, IReadOnlyList<Announcement> announcements)
    {
        var receivers = ClientTenant.TenantOf(tenant);
        List<Announcement> unsubscribed = [];
        for (var i = 0; i < announcements.Count; i++)
        {
            var announcement = announcements[i];
            var (topic, payload) = topics.MessageOf(tenant, turn.At, announcement);
            if (turn.Span is null && !faults.Any)
            {
                if (!HasReceivers(receivers, announcement, topic))
                {
                    unsubscribed.Add(announcement);
                    continue;
                }
                _ = payload.Bytes; // created here, so that the broker does not look for receivers to learn whether it is needed
            }
            if (unsubscribed.Count > 0)
            {
                KeepUnsubscribed(tenant, turn, unsubscribed);
                unsubscribed = [];
            }
            if (FaultOf(tenant, announcement) is { } fault)
                PublishWith(fault, announcement, topic, payload, tenant, turn.Span);
            else
                Publish(announcement, topic, payload, tenant, turn.Span);
        }
        if (unsubscribed.Count > 0)
            KeepUnsubscribed(tenant, turn, unsubscribed);
    }

    private bool HasReceivers(string tenant, Announcement announcement, string topic)
    {
        if (broker.HasReceivers(topic, tenant))
            return true;
        foreach (var other in EventTopics.OtherTopicsOf(announcement))
        {
            if (broker.HasReceivers(other, tenant))
                return true;
        }
        return false;
    }

    /// <summary>Nobody can receive these announcements: they are kept for those who ask what was published.</summary>
    private void KeepUnsubscribed(Tenant tenant, TurnEnded turn, IReadOnlyList<Announcement> announcements)
    {
        var unsubscribed = new UnsubscribedMessages(tenant, turn.At, machine.GetUtcNow(), announcements, topics);
        messages.Add(unsubscribed);
        eventLog.Published(tenant, unsubscribed.Count, unsubscribed.Notifications);
    }

    // A method of its own, so that announcements without a fault pay for no closure.
    private void PublishWith(FaultStrike fault, Announcement announcement, string topic, MqttPayload payload, Tenant tenant, Activity? cause) =>
        fault.Send(() => Publish(announcement, topic, payload, tenant, cause));

    private FaultStrike? FaultOf(Tenant tenant, Announcement announcement) => faults.Any
        ? faults.Strike(NotificationTargets.TargetOf(announcement), NotificationTargets.SubjectOf(tenant, announcement))
        : null;

    private void Publish(Announcement announcement, string topic, MqttPayload payload, Tenant tenant, Activity? cause)
    {
        var subject = NotificationTargets.SubjectOf(tenant, announcement);
        PublishTo(topic);
        foreach (var other in EventTopics.OtherTopicsOf(announcement))
            PublishTo(other);

        void PublishTo(string one)
        {
            using var span = MessageSpans.OfNotification(cause, one, EventTopics.TemplateOf(announcement));
            broker.Publish(one, payload, tenant: ClientTenant.TenantOf(tenant), properties: MessageSpans.PropertiesOf(span));
            eventLog.Published(tenant, one, subject.ThingName, subject.JobId);
        }
    }
}
