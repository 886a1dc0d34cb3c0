using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// The server certificates: the one of the settings, or one for each host name that a client asks for. These are signed by the development
/// CA. ASP.NET's development certificate would not do: it is for localhost only, and AWS clients ask for the host name of their endpoint.
/// </summary>
internal sealed class Certificates(EmulatorOptions options, TimeProvider machine, ILogger<Certificates> log)
{
    /// <summary>Certificates that are kept. Clients choose the names, so the number is limited: the oldest goes.</summary>
    public const int MaxHostNames = 1_000;

    /// <summary>Warnings of host names that the CA may not sign for. Clients choose these, too.</summary>
    private const int MaxWarnings = 100;

    private const string Localhost = "localhost";

    private readonly Dictionary<string, X509Certificate2> _byHostName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _oldest = new();
    private readonly HashSet<string> _warned = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _sync = new();
    private DevelopmentCa? _ca;
    private SslStreamCertificateContext? _configured;

    public static string DefaultFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "iot-jobs-emulator");

    /// <summary>How many certificates are kept now.</summary>
    public int KeptCount => _byHostName.Count;

    /// <summary>Whether the development CA has been loaded or created.</summary>
    public bool HasCa => _ca is not null;

    /// <summary>The certificates that clients must trust, as PEM that ends with a newline. Without the key, which a file of the settings may contain.</summary>
    public string CaPem
    {
        get
        {
            if (options.TlsCertificate is not { } file)
                return DevelopmentCa.Line(Ca.Certificate.ExportCertificatePem());
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return DevelopmentCa.Line(certificates.ExportCertificatePems());
        }
    }

    /// <summary>The certificate of the settings with the intermediates of its file; null when the development CA signs.</summary>
    public SslStreamCertificateContext? Configured
    {
        get
        {
            if (options.TlsCertificate is not { } file)
                return null;
            lock (_sync)
                return _configured ??= PemCertificate.Load(file, options.TlsKey, machine.GetUtcNow());
        }
    }

    /// <summary>
    /// Loads the files of the settings when the server starts, because every connection would fail later. A CA in the default folder waits for the
    /// first connection: most emulators see none with TLS, and .NET's cryptography takes a tenth of a start and 7 MB.
    /// </summary>
    /// <param name="isCaUsed">Whether a port with TLS is listened on. The certificate of the settings is loaded in any case.</param>
    /// <exception cref="SettingException">A file or the folder cannot be used.</exception>
    public void Check(bool isCaUsed)
    {
        if (Configured is null && isCaUsed && options.TlsFolder is not null)
            _ = Ca;
    }

    /// <summary>
    /// The certificate of the development CA for a host name; that for localhost when the client sends none, or one that the CA may not sign
    /// for. Clients that check would refuse any.
    /// </summary>
    public X509Certificate2 For(string? hostName)
    {
        hostName = string.IsNullOrEmpty(hostName) ? Localhost : hostName;
        lock (_sync)
        {
            if (!Ca.Constraints.Permit(hostName))
            {
                Warn(hostName);
                hostName = Localhost;
            }
            if (_byHostName.TryGetValue(hostName, out var issued))
                return issued;
            if (_byHostName.Count >= MaxHostNames)
                _byHostName.Remove(_oldest.Dequeue());
            _oldest.Enqueue(hostName);
            return _byHostName[hostName] = Issue(hostName);
        }
    }

    private DevelopmentCa Ca
    {
        get
        {
            lock (_sync)
                return _ca ??= DevelopmentCa.Open(options.TlsFolder ?? DefaultFolder, options.TlsFolder is not null, NameConstraints.Standard.With(options.Hosts), machine.GetUtcNow(), log);
        }
    }

    private void Warn(string hostName)
    {
        if (_warned.Count < MaxWarnings && Uri.CheckHostName(hostName) != UriHostNameType.Unknown && _warned.Add(hostName))
            log.LogWarning("A client asks for a certificate for {HostName}, which the development CA may not sign for, and gets that for localhost. --endpoint or --allowed-hosts with this name lets it.", hostName);
    }

    private X509Certificate2 Issue(string hostName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A common name has at most 64 characters. Clients check the subject alternative names only.
        var request = new CertificateRequest("CN=IoT Jobs emulator", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Ca.Certificate, true, false));
        request.CertificateExtensions.Add(SubjectAlternativeNames(hostName));
        using var certificate = request.Create(Ca.Certificate, Ca.Certificate.NotBefore, Ca.Certificate.NotAfter, RandomNumberGenerator.GetBytes(16));
        return PemCertificate.WithStoredKey(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>Only what the CA may sign for: a client refuses the certificate for a single name beyond that.</summary>
    private X509Extension SubjectAlternativeNames(string hostName)
    {
        var names = new SubjectAlternativeNameBuilder();
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Localhost, "host.docker.internal", "iot-jobs", Environment.MachineName, hostName, "127.0.0.1", "::1" };
        foreach (var host in hosts.Where(Ca.Constraints.Permit))
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        return names.Build();
    }
}
