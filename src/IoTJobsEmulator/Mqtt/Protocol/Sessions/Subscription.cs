using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>One topic filter of one session (MQTT 5, 3.8). A request for QoS 2 is granted QoS 1.</summary>
internal sealed record Subscription(Session Session, SubscriptionRequest Request)
{
    public Qos GrantedQos => Request.Qos == Qos.AtMostOnce ? Qos.AtMostOnce : Qos.AtLeastOnce;

    /// <summary>The QoS of a delivery: the lower one of the message and the subscription (MQTT 5, 3.8.4).</summary>
    public Qos QosOf(MqttMessage message) => message.Qos < GrantedQos ? message.Qos : GrantedQos;
}
