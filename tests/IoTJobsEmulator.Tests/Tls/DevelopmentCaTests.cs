using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>The files of the development CA, and the certificates that it signs.</summary>
public sealed class DevelopmentCaTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, default);

    private readonly Folder _folder = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_CA_is_valid_for_two_years_and_states_what_it_may_sign_for()
    {
        var created = Open();

        Assert.Equal((Now.UtcDateTime.AddDays(-1), Now.UtcDateTime.AddYears(2)), (created.Certificate.NotBefore.ToUniversalTime(), created.Certificate.NotAfter.ToUniversalTime()));
        using var stored = X509Certificate2.CreateFromPem(File.ReadAllText(_folder["tls/ca.pem"]));
        Assert.True(NameConstraints.Of(stored)!.Cover(NameConstraints.Standard));
        Assert.False(NameConstraints.Of(stored)!.Permit("example.com"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["tls/ca.key"]));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["tls"]));
        }
    }

    [Fact]
    public void A_CA_is_replaced_when_it_has_expired_or_permits_too_little()
    {
        var first = Open();
        Assert.Equal(first.Certificate.Thumbprint, Open().Certificate.Thumbprint);
        Assert.Equal(first.Certificate.Thumbprint, Open(Now.AddYears(2).AddSeconds(-1)).Certificate.Thumbprint);

        var second = Open(Now.AddYears(2));
        Assert.NotEqual(first.Certificate.Thumbprint, second.Certificate.Thumbprint);

        var third = Open(Now.AddYears(2), "broker");
        Assert.NotEqual(second.Certificate.Thumbprint, third.Certificate.Thumbprint);
        Assert.Equal(third.Certificate.Thumbprint, Open(Now.AddYears(2)).Certificate.Thumbprint);
    }

    [Fact]
    public void A_key_that_others_may_read_is_warned_of()
    {
        Open();
        Open();
        Assert.Empty(_log);
        if (OperatingSystem.IsWindows())
            return; // which has no such permissions

        File.SetUnixFileMode(_folder["tls/ca.key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Open();

        Assert.Contains(_folder["tls/ca.key"], Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_CA_without_constraints_is_replaced()
    {
        Directory.CreateDirectory(_folder["tls"]);
        using var key = ECDsa.Create();
        using var old = new CertificateRequest("CN=old", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddYears(10));
        File.WriteAllText(_folder["tls/ca.pem"], old.ExportCertificatePem());
        File.WriteAllText(_folder["tls/ca.key"], key.ExportPkcs8PrivateKeyPem());

        Assert.NotEqual(old.Thumbprint, Open().Certificate.Thumbprint);
    }

    [Fact]
    public void Many_that_start_at_once_have_the_same_CA()
    {
        var opened = new DevelopmentCa[16];
        var threads = Enumerable.Range(0, opened.Length).Select(i => new Thread(() => opened[i] = Open())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(opened.Select(ca => ca.Certificate.Thumbprint).Distinct());
        Assert.Equal(["ca.key", "ca.lock", "ca.pem"], new DirectoryInfo(_folder["tls"]).GetFiles().Select(file => file.Name).Order());
    }

    [Fact]
    public void Files_that_are_no_pair_are_refused_and_kept()
    {
        Open();
        using var other = ECDsa.Create();
        var key = other.ExportPkcs8PrivateKeyPem();
        File.WriteAllText(_folder["tls/ca.key"], key);

        var message = Assert.Throws<SettingException>(() => Open()).Message;
        Assert.Equal($"--tls-folder: ca.pem and ca.key in {_folder["tls"]} are not a certificate and its key. Without both files a new CA is made.", message);
        Assert.Equal(key, File.ReadAllText(_folder["tls/ca.key"]));
    }

    /// <summary>It is read at the first connection, when the start cannot be refused any more.</summary>
    [Fact]
    public void In_the_default_folder_files_that_are_no_pair_are_kept_and_warned_of()
    {
        Open();
        File.WriteAllText(_folder["tls/ca.key"], "no key");

        var instead = DevelopmentCa.Open(_folder["tls"], isGiven: false, NameConstraints.Standard, Now, new ListLogger(_log).CreateLogger(""));

        Assert.True(instead.Certificate.HasPrivateKey);
        Assert.Contains($"ca.pem and ca.key in {_folder["tls"]} are not a certificate and its key.", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal("no key", File.ReadAllText(_folder["tls/ca.key"]));
    }

    /// <summary>Most emulators see no connection with TLS, and .NET's cryptography takes memory and time.</summary>
    [Fact]
    public void The_start_makes_the_CA_of_a_folder_of_the_settings_and_leaves_the_default_folder_alone()
    {
        Issuer().Check(isCaUsed: true);
        Assert.True(File.Exists(_folder["tls/ca.pem"]));

        var certificates = new Certificates(EmulatorOptions.Read([], new Dictionary<string, string>()), new ManualTime(), NullLogger<Certificates>.Instance);
        certificates.Check(isCaUsed: true);
        Assert.False(certificates.HasCa);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_when_the_user_has_named_it()
    {
        File.WriteAllText(_folder["tls"], "a file");

        Assert.StartsWith($"--tls-folder: {_folder["tls"]} cannot be read or written: ", Assert.Throws<SettingException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.NotNull(DevelopmentCa.Open(_folder["tls"], isGiven: false, NameConstraints.Standard, Now, NullLogger.Instance));
    }

    [Fact]
    public void Certificates_for_host_names_are_limited_and_the_oldest_goes()
    {
        var certificates = Issuer();
        var first = certificates.For("0.amazonaws.com");
        Assert.Same(first, certificates.For("0.AMAZONAWS.com"));
        for (var i = 1; i < Certificates.MaxHostNames; i++)
            certificates.For($"{i}.amazonaws.com");
        Assert.Same(first, certificates.For("0.amazonaws.com"));
        var second = certificates.For("1.amazonaws.com");

        certificates.For("one-more.amazonaws.com");

        Assert.Equal(Certificates.MaxHostNames, certificates.KeptCount);
        Assert.Same(second, certificates.For("1.amazonaws.com"));
        Assert.NotSame(first, certificates.For("0.amazonaws.com"));
    }

    [Fact]
    public void A_host_name_that_the_CA_may_not_sign_for_gets_the_certificate_for_localhost()
    {
        var certificates = Issuer();
        Assert.Same(certificates.For(null), certificates.For("example.com"));
        Assert.Same(certificates.For("localhost"), certificates.For("not a name"));
        Assert.Equal(1, certificates.KeptCount);
    }

    /// <summary>One name beyond the constraints, and clients refuse the certificate for all its names.</summary>
    [Theory]
    [InlineData("localhost")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com")]
    [InlineData("broker")]
    public void A_certificate_passes_the_constraints_of_its_CA(string hostName)
    {
        var certificates = Issuer("--endpoint", "broker:8443");
        using var ca = X509Certificate2.CreateFromPem(certificates.CaPem);
        using var chain = new X509Chain
        {
            ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = Now.DateTime },
        };

        Assert.True(chain.Build(certificates.For(hostName)), string.Join('\n', chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(certificates.For(hostName).MatchesHostname(hostName));
        Assert.True(certificates.For(hostName).MatchesHostname("127.0.0.1"));
    }

    private Certificates Issuer(params string[] settings) => new(
        EmulatorOptions.Read(["--tls-folder", _folder["tls"], .. settings], new Dictionary<string, string>()), new Turns.ManualTime(), NullLogger<Certificates>.Instance);

    private DevelopmentCa Open(DateTimeOffset? now = null, params string[] hosts) =>
        DevelopmentCa.Open(_folder["tls"], isGiven: true, NameConstraints.Standard.With(hosts), now ?? Now, new ListLogger(_log).CreateLogger(""));
}
