namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>Whom a publication may reach among those who subscribe: from the server a question about the receiver, from a client about both.</summary>
internal readonly record struct Audience(
    Func<MqttConnection, bool>? Receivers, MqttConnection? Publisher, Func<MqttConnection, MqttConnection, bool>? MayReach) : IEligible
{
    public bool Includes(Session session)
    {
        if (Receivers is not null && !Receivers(session.Connection))
            return false;
        return Publisher is null || MayReach is null || MayReach(Publisher, session.Connection);
    }
}
