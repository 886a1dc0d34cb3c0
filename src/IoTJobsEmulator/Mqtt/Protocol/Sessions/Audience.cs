namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Whom a publication may reach among those who subscribe: the clients of its house. Who is of no house hears all, and is heard by all.
/// </summary>
internal readonly record struct Audience(string? House) : IEligible
{
    public bool Includes(Session session) => House is null || Includes(session.Connection.House);

    public bool Includes(string? house) => House is null || house is null || House == house;
}
