using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// The server certificates: the one of the settings, or one for each host name that a client asks for. These are signed by a development
/// CA, which is created when TLS is first used and kept in a folder, so that clients need to trust it once. ASP.NET's development
/// certificate would not do: it is for localhost only, and AWS clients ask for the host name of their endpoint.
/// </summary>
internal sealed class Certificates(EmulatorOptions options, TimeProvider machine)
{
    private const int MaxHostNames = 1_000;

    private readonly Dictionary<string, X509Certificate2> _byHostName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _sync = new();
    private X509Certificate2? _ca, _configured;

    public static string DefaultFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "iot-jobs-emulator");

    /// <summary>The certificates that clients must trust, as PEM that ends with a newline. Without the key, which a file of the settings may contain.</summary>
    public string CaPem
    {
        get
        {
            if (options.TlsCertificate is not { } file)
                return Line(Ca.ExportCertificatePem());
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return Line(certificates.ExportCertificatePems());
        }
    }

    /// <summary>Loads the files of the settings when the server starts, because every connection would fail later.</summary>
    /// <exception cref="SettingException">A file cannot be used.</exception>
    public void Check()
    {
        if (options.TlsCertificate is not null)
            For(null);
    }

    /// <summary>The certificate for a host name; for localhost when the client sends none.</summary>
    public X509Certificate2 For(string? hostName)
    {
        hostName = string.IsNullOrEmpty(hostName) ? "localhost" : hostName;
        lock (_sync)
        {
            if (options.TlsCertificate is { } file)
                return _configured ??= WithStoredKey(PemCertificate.Load(file, options.TlsKey));
            if (_byHostName.TryGetValue(hostName, out var issued))
                return issued;
            if (_byHostName.Count >= MaxHostNames)
                _byHostName.Clear();
            return _byHostName[hostName] = Issue(hostName);
        }
    }

    private X509Certificate2 Ca
    {
        get
        {
            lock (_sync)
                return _ca ??= LoadOrCreateCa(options.TlsFolder ?? DefaultFolder);
        }
    }

    private X509Certificate2 LoadOrCreateCa(string folder)
    {
        var (certificate, key) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            var stored = X509Certificate2.CreateFromPemFile(certificate, key);
            if (stored.NotAfter.ToUniversalTime() > machine.GetUtcNow().UtcDateTime)
                return stored;
        }
        var created = CreateCa();
        CreatePrivateFolder(folder);
        WritePrivateFile(key, Line(created.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        WritePrivateFile(certificate, Line(created.ExportCertificatePem()));
        return created;
    }

    /// <summary>.NET writes no newline behind the last line, and a file that is appended to it would not be read.</summary>
    private static string Line(string pem) => pem + "\n";

    private X509Certificate2 CreateCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=IoT Jobs emulator development CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(machine.GetUtcNow().AddDays(-1), machine.GetUtcNow().AddYears(10));
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
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Ca, true, false));
        request.CertificateExtensions.Add(SubjectAlternativeNames(hostName));
        using var certificate = request.Create(Ca, machine.GetUtcNow().AddDays(-1), Ca.NotAfter, RandomNumberGenerator.GetBytes(16));
        return WithStoredKey(certificate.CopyWithPrivateKey(key));
    }

    private static X509Extension SubjectAlternativeNames(string hostName)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "localhost", "host.docker.internal", "iot-jobs", Environment.MachineName, hostName })
        {
            if (Uri.CheckHostName(name) == UriHostNameType.Dns)
                names.AddDnsName(name);
        }
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (IPAddress.TryParse(hostName, out var address) && !IPAddress.IsLoopback(address))
            names.AddIpAddress(address);
        return names.Build();
    }

    /// <summary>SslStream on Windows and macOS needs a key that is in a key store.</summary>
    private static X509Certificate2 WithStoredKey(X509Certificate2 certificate) =>
        OperatingSystem.IsLinux() ? certificate : X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes the file atomically, because two emulators may start at the same time.</summary>
    private static void WritePrivateFile(string file, string text)
    {
        var temporary = $"{file}.{Environment.ProcessId}";
        var streamOptions = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            streamOptions.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(temporary, streamOptions))
            writer.Write(text);
        File.Move(temporary, file, overwrite: true);
    }
}
