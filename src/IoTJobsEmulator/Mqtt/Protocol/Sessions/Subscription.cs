using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>One filter of one session; what is asked for with QoS 2 is granted QoS 1.</summary>
internal sealed record Subscription(Session Session, SubscriptionRequest Request)
{
    public Qos Granted => Request.Qos == Qos.AtMostOnce ? Qos.AtMostOnce : Qos.AtLeastOnce;
}
