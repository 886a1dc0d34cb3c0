using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// Loads the certificate, the intermediates behind it and the key that the settings name, from PEM files. .NET reads the files; this tells which setting is wrong, which
/// the exceptions of .NET do not.
/// </summary>
internal static class PemCertificate
{
    private const string CertificateSetting = "--tls-certificate", KeySetting = "--tls-key";

    /// <param name="file">The certificate, followed by the certificates of its chain.</param>
    /// <param name="keyFile">The private key; null when it is in the same file.</param>
    /// <param name="now">The moment on the machine's clock.</param>
    /// <exception cref="SettingException">A file cannot be read or used. The message begins with the name of the setting.</exception>
    public static SslStreamCertificateContext Load(string file, string? keyFile, DateTimeOffset now)
    {
        var chain = Certificates(file);
        if (chain.Count == 0)
            throw new SettingException($"{CertificateSetting}: {file} is not a certificate in PEM.");
        var certificate = WithStoredKey(WithKey(file, keyFile));
        if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            throw new SettingException(string.Create(CultureInfo.InvariantCulture, $"{CertificateSetting}: the certificate in {file} has expired at {certificate.NotAfter.ToUniversalTime():u}."));
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>SslStream on Windows and macOS needs a key that is in a key store.</summary>
    public static X509Certificate2 WithStoredKey(X509Certificate2 certificate) =>
        OperatingSystem.IsLinux() ? certificate : X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static X509Certificate2 WithKey(string file, string? keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file, keyFile);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SettingException(keyFile is null
                ? $"{CertificateSetting}: {file} has no key that fits its certificate. {KeySetting} names the file of the key."
                : $"{KeySetting}: {keyFile} has no key in PEM that fits the certificate in {file}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(KeySetting, keyFile ?? file, e);
        }
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (CryptographicException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(CertificateSetting, file, e);
        }
        return certificates;
    }

    private static SettingException Unreadable(string setting, string file, Exception e) => new($"{setting}: {file} cannot be read: {e.Message}");
}
