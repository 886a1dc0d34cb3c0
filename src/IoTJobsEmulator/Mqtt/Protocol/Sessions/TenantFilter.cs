namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Selects the clients that may receive a message by their tenant. A message without a tenant may reach all clients, and a client
/// without a tenant may receive all messages.
/// </summary>
internal readonly record struct TenantFilter(string? Tenant)
{
    public bool Allows(Session session) => Tenant is null || Allows(session.Tenant);

    public bool Allows(string? tenant) => Tenant is null || tenant is null || Tenant == tenant;
}
