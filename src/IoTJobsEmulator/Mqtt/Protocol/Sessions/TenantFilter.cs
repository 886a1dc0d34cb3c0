namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Whom a publication may reach among those who subscribe: the clients of its tenant. Who is of no tenant hears all, and is heard by all.
/// </summary>
internal readonly record struct TenantFilter(string? Tenant) : IEligible
{
    public bool Includes(Session session) => Tenant is null || Includes(session.Connection.Tenant);

    public bool Includes(string? tenant) => Tenant is null || tenant is null || Tenant == tenant;
}
