using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Tls;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>The files of <c>tls-certificate</c> and <c>tls-key</c>.</summary>
public sealed class PemCertificateTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly SelfSignedCertificate _given = new(), _other = new();

    public PemCertificateTests()
    {
        foreach (var (name, text) in new[] { ("given.pem", _given.Pem), ("given.key", _given.Key), ("both.pem", $"{_given.Key}\n{_given.Pem}"), ("other.key", _other.Key), ("text.pem", "hello") })
            File.WriteAllText(_folder[name], text);
    }

    public void Dispose()
    {
        _given.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("given.pem", "given.key")]
    [InlineData("both.pem", null)]
    public void A_key_is_in_a_file_of_its_own_or_with_the_certificate(string certificate, string? key)
    {
        var loaded = Load(certificate, key).TargetCertificate;
        Assert.True(loaded.HasPrivateKey);
        Assert.Equal(_given.Certificate.Thumbprint, loaded.Thumbprint);
    }

    [Theory]
    [InlineData("text.pem", "given.key", "--tls-certificate: {text.pem} is not a certificate in PEM.")]
    [InlineData("given.key", null, "--tls-certificate: {given.key} is not a certificate in PEM.")]
    [InlineData("given.pem", null, "--tls-certificate: {given.pem} has no key that fits its certificate. --tls-key names the file of the key.")]
    [InlineData("given.pem", "other.key", "--tls-key: {other.key} has no key in PEM that fits the certificate in {given.pem}.")]
    [InlineData("given.pem", "text.pem", "--tls-key: {text.pem} has no key in PEM that fits the certificate in {given.pem}.")]
    [InlineData("none.pem", "given.key", "--tls-certificate: {none.pem} cannot be read: ")]
    [InlineData("given.pem", "none.key", "--tls-key: {none.key} cannot be read: ")]
    public void A_file_that_cannot_be_used_is_refused_with_the_name_of_its_setting(string certificate, string? key, string refusal)
    {
        var message = Assert.Throws<SettingException>(() => Load(certificate, key)).Message;
        Assert.StartsWith(refusal.Replace("{", _folder["x"][..^1], StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_has_expired_is_refused()
    {
        var message = Assert.Throws<SettingException>(() => Load("given.pem", "given.key", new(2050, 1, 1, 0, 0, 0, default))).Message;
        Assert.Equal($"--tls-certificate: the certificate in {_folder["given.pem"]} has expired at 2050-01-01 00:00:00Z.", message);
    }

    private System.Net.Security.SslStreamCertificateContext Load(string certificate, string? key, DateTimeOffset? now = null) =>
        PemCertificate.Load(_folder[certificate], key is null ? null : _folder[key], now ?? new(2026, 1, 1, 0, 0, 0, default));
}
