using IoTJobsEmulator.Tls;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>What TLS clients need to trust the emulator.</summary>
internal sealed class CertificateEndpoint(Certificates certificates)
{
    /// <summary>Shows the certificates that TLS clients are to trust: of the development CA, which is made now if TLS was not used before, or those given.</summary>
    public string GetCaCertificate() => certificates.CaPem;
}
