namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>Identifies a client and its session. Client ids are unique within a tenant; the clients of no tenant are apart from those of all tenants.</summary>
/// <param name="Tenant">The client's tenant; null for none.</param>
/// <param name="ClientId">The client identifier.</param>
public readonly record struct ClientKey(string? Tenant, string ClientId);
