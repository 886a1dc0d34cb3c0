using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// The certificates that the emulator shows: the one it is given, or one for each name that a client asks for, signed by a
/// development CA that is made when TLS is first used and kept in a folder, so that clients need to trust it once.
/// </summary>
internal sealed class Certificates(EmulatorOptions options, TimeProvider machine)
{
    private const int NamesKept = 1_000;

    private readonly Dictionary<string, X509Certificate2> _ofNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _sync = new();
    private X509Certificate2? _ca, _given;

    public static string UsersFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "iot-jobs-emulator");

    /// <summary>What clients are to trust, as PEM: of a file that is given its certificates alone, which may stand there beside their key.</summary>
    public string CaPem
    {
        get
        {
            if (options.TlsCertificate is not { } file)
                return Ca.ExportCertificatePem();
            var given = new X509Certificate2Collection();
            given.ImportFromPemFile(file);
            return given.ExportCertificatePems();
        }
    }

    /// <summary>Refuses the start where given files cannot be used; every connection would fail otherwise.</summary>
    public void Check()
    {
        if (options.TlsCertificate is not null)
            For(null);
    }

    /// <summary>The certificate for a host name, or for none when the client sends none.</summary>
    public X509Certificate2 For(string? hostName)
    {
        hostName = string.IsNullOrEmpty(hostName) ? "localhost" : hostName;
        lock (_sync)
        {
            if (options.TlsCertificate is { } file)
                return _given ??= WithKey(GivenFiles.Load(file, options.TlsKey));
            if (_ofNames.TryGetValue(hostName, out var made))
                return made;
            if (_ofNames.Count >= NamesKept)
                _ofNames.Clear();
            return _ofNames[hostName] = Make(hostName);
        }
    }

    private X509Certificate2 Ca
    {
        get
        {
            lock (_sync)
                return _ca ??= LoadOrMakeCa(options.TlsFolder ?? UsersFolder);
        }
    }

    private X509Certificate2 LoadOrMakeCa(string folder)
    {
        var (certificate, key) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            var kept = X509Certificate2.CreateFromPemFile(certificate, key);
            if (kept.NotAfter.ToUniversalTime() > machine.GetUtcNow().UtcDateTime)
                return kept;
        }
        var made = MakeCa();
        CreatePrivate(folder);
        WritePrivate(key, made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        WritePrivate(certificate, made.ExportCertificatePem());
        return made;
    }

    private X509Certificate2 MakeCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=IoT Jobs emulator development CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(machine.GetUtcNow().AddDays(-1), machine.GetUtcNow().AddYears(10));
    }

    private X509Certificate2 Make(string hostName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A name in a certificate has 64 characters at most; what clients look at are the alternative names.
        var request = new CertificateRequest("CN=IoT Jobs emulator", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Ca, true, false));
        request.CertificateExtensions.Add(Names(hostName));
        using var certificate = request.Create(Ca, machine.GetUtcNow().AddDays(-1), Ca.NotAfter, RandomNumberGenerator.GetBytes(16));
        return WithKey(certificate.CopyWithPrivateKey(key));
    }

    private static X509Extension Names(string hostName)
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

    /// <summary>SslStream on Windows and macOS does not take a key that is not in a store.</summary>
    private static X509Certificate2 WithKey(X509Certificate2 certificate) =>
        OperatingSystem.IsLinux() ? certificate : X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Whole or not at all: two emulators may start at once.</summary>
    private static void WritePrivate(string file, string text)
    {
        var making = $"{file}.{Environment.ProcessId}";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(making, how))
            writer.Write(text);
        File.Move(making, file, overwrite: true);
    }
}
