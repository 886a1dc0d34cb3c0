using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>A self-signed certificate for localhost, as a user may configure it.</summary>
internal sealed class SelfSignedCertificate : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create();

    public SelfSignedCertificate()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        Certificate = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, default), new(2050, 1, 1, 0, 0, 0, default));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    public string Key => _key.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
