using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>A certificate and its key from PEM files that the settings name. What is wrong with them is said with the setting's name.</summary>
internal static class GivenFiles
{
    private const string Certificate = "--tls-certificate", Key = "--tls-key";

    /// <param name="file">The certificate, those that signed it behind it.</param>
    /// <param name="keyFile">Its key; null when that stands in the same file.</param>
    public static X509Certificate2 Load(string file, string? keyFile)
    {
        var certificate = Read(Certificate, file);
        if (!Holds(() => X509Certificate2.CreateFromPem(certificate)))
            throw new SettingException($"{Certificate}: {file} is not a certificate in PEM.");
        var key = keyFile is null ? certificate : Read(Key, keyFile);
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SettingException(keyFile is null
                ? $"{Certificate}: {file} has no key that fits its certificate. {Key} names the file of the key."
                : $"{Key}: {keyFile} has no key in PEM that fits the certificate in {file}.");
        }
    }

    private static string Read(string setting, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{setting}: {file} cannot be read: {e.Message}");
        }
    }

    private static bool Holds(Func<X509Certificate2> certificate)
    {
        try
        {
            certificate().Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
