using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// The CA that signs the server certificates, kept as <c>ca.pem</c> and <c>ca.key</c> in a folder, so that clients need to trust it once.
/// Emulators that use the same folder have the same CA: one creates it, under a lock, and the others read it.
/// </summary>
internal sealed class DevelopmentCa
{
    /// <summary>How long a CA is valid, and its certificates with it. Apple's clients take none that is valid for more than 825 days.</summary>
    public const int ValidYears = 2;

    /// <summary>How often the lock is tried, about a millisecond apart. Creating a CA takes a few.</summary>
    private const int LockAttempts = 10_000;

    private const string FolderSetting = "--tls-folder";

    private DevelopmentCa(X509Certificate2 certificate, NameConstraints constraints) => (Certificate, Constraints) = (certificate, constraints);

    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    public NameConstraints Constraints { get; }

    /// <summary>Loads the CA of a folder. Creates it when there is none, when it has expired or when it may not sign for all that is required.</summary>
    /// <param name="folder">The folder, there or not.</param>
    /// <param name="isGiven">
    /// Whether the user has named it. The default folder is read at the first connection with TLS, when it is too late to refuse: instead of a CA that
    /// cannot be used or stored there is one that lasts until the process ends.
    /// </param>
    /// <param name="required">What it must permit.</param>
    /// <param name="now">The moment on the machine's clock.</param>
    /// <param name="log">Where the user reads that the CA is a new one.</param>
    /// <exception cref="SettingException">
    /// The files of a folder that the user has named cannot be used or written. The message begins with the name of the setting.
    /// </exception>
    public static DevelopmentCa Open(string folder, bool isGiven, NameConstraints required, DateTimeOffset now, ILogger log)
    {
        try
        {
            if (Stored(folder, isExclusive: false) is { } stored && stored.IsUsable(required, now))
            {
                WarnOfReaders(folder, log);
                return stored;
            }
            CreatePrivateFolder(folder);
            using var exclusive = Lock(folder);
            var found = Stored(folder, isExclusive: true);
            if (found is not null && found.IsUsable(required, now))
                return found;
            var created = Create(required, now);
            created.Store(folder);
            if (found is not null)
                log.LogWarning("The development CA in {Folder} has expired or may not sign for the host names of the settings. There is a new one, which clients must be told to trust.", folder);
            return created;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            var cause = refused is InvalidDataException ? refused.Message : $"{folder} cannot be read or written: {refused.Message}";
            if (isGiven)
                throw new SettingException($"{FolderSetting}: {cause}");
            log.LogWarning("{Cause} The development CA lasts until the emulator ends. --tls-folder names another folder.", cause);
            return Create(required, now);
        }
    }

    private static string CertificateIn(string folder) => Path.Combine(folder, "ca.pem");

    private static string KeyIn(string folder) => Path.Combine(folder, "ca.key");

    /// <summary>The CA in the folder; null when there is none. Without the lock also when its files do not fit: another emulator may be replacing them.</summary>
    /// <exception cref="InvalidDataException">They do not fit, and nobody else is replacing them.</exception>
    private static DevelopmentCa? Stored(string folder, bool isExclusive)
    {
        if (!File.Exists(CertificateIn(folder)) || !File.Exists(KeyIn(folder)))
            return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(CertificateIn(folder), KeyIn(folder));
            // One without constraints, as earlier versions made it, is replaced.
            return new(certificate, NameConstraints.Of(certificate) ?? new([], []));
        }
        catch (Exception unfit) when (unfit is CryptographicException or ArgumentException)
        {
            return isExclusive
                ? throw new InvalidDataException($"ca.pem and ca.key in {folder} are not a certificate and its key. Without both files a new CA is made.")
                : null;
        }
    }

    /// <summary>Who has the key can sign for what the CA permits. It is created for its owner alone, but may have been copied.</summary>
    private static void WarnOfReaders(string folder, ILogger log)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(KeyIn(folder)) & Others) != 0)
            log.LogWarning("Other users of this machine may read or write {Key}: chmod 600 makes it private.", KeyIn(folder));
    }

    private bool IsUsable(NameConstraints required, DateTimeOffset now) => Certificate.NotAfter.ToUniversalTime() > now.UtcDateTime && Constraints.Cover(required);

    private static DevelopmentCa Create(NameConstraints required, DateTimeOffset now)
    {
        // The name of the machine is permitted and not required: that of a container changes, and its CA should not.
        var constraints = required.With([Environment.MachineName]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=IoT Jobs emulator development CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(constraints.Extension());
        return new(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(ValidYears)), constraints);
    }

    private void Store(string folder)
    {
        WritePrivateFile(KeyIn(folder), Line(Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        WritePrivateFile(CertificateIn(folder), Line(Certificate.ExportCertificatePem()));
    }

    /// <summary>.NET writes no newline behind the last line, and a file that is appended to it would not be read.</summary>
    public static string Line(string pem) => pem + "\n";

    /// <summary>Takes the lock of the folder. The system releases that of a process that has ended.</summary>
    private static FileStream Lock(string folder)
    {
        var (file, wait) = (Path.Combine(folder, "ca.lock"), default(SpinWait));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(file, Private(FileMode.OpenOrCreate));
            }
            catch (IOException) when (attempt < LockAttempts && File.Exists(file))
            {
                wait.SpinOnce();
            }
        }
    }

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes the file whole or not at all, because others read it without the lock.</summary>
    private static void WritePrivateFile(string file, string text)
    {
        var temporary = $"{file}.{RandomNumberGenerator.GetHexString(8)}";
        using (var writer = new StreamWriter(temporary, Private(FileMode.CreateNew)))
            writer.Write(text);
        File.Move(temporary, file, overwrite: true);
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
