using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>A certificate for localhost that an intermediate CA has signed, as a user may configure it.</summary>
internal sealed class IssuedChain : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, default), To = new(2050, 1, 1, 0, 0, 0, default);

    private readonly ECDsa _rootKey = ECDsa.Create(), _intermediateKey = ECDsa.Create(), _key = ECDsa.Create();

    public IssuedChain()
    {
        Root = Authority("CN=root", _rootKey).CreateSelfSigned(From, To);
        using var issued = Authority("CN=intermediate", _intermediateKey).Create(Root, From, To, [1]);
        using var intermediate = issued.CopyWithPrivateKey(_intermediateKey);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest("CN=localhost", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(intermediate, From, To, [2]);
        Pem = $"{certificate.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n{_key.ExportPkcs8PrivateKeyPem()}\n";
    }

    public X509Certificate2 Root { get; }

    /// <summary>The certificate, the intermediate and the key.</summary>
    public string Pem { get; }

    public void Dispose()
    {
        Root.Dispose();
        foreach (var key in new[] { _rootKey, _intermediateKey, _key })
            key.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
