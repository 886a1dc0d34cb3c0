namespace IoTJobsEmulator.Core.Operations.Endpoint;

/// <summary>Where the caller reached the emulator, or where a setting says that callers should.</summary>
/// <param name="Host">The host as the caller named it, without its port.</param>
/// <param name="Port">The port of HTTPS; of HTTP when HTTPS is not served.</param>
/// <param name="Override">The host that the setting gives, if it is set.</param>
public sealed record CallersAddress(string Host, int Port, string? Override = null);
