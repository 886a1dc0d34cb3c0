using System.Globalization;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Tests.Mqtt;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>TLS on sockets, from a process of its own: server certificates and client certificates.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly SelfSignedCertificate _given = new();

    public void Dispose()
    {
        _given.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_configured_certificate_is_used_and_published_without_its_key()
    {
        await File.WriteAllTextAsync(_folder["both.pem"], $"{_given.Pem}\n{_given.Key}", Cancelled);
        using var emulator = await EmulatorProcess.Start("--mqtt-tls-port", "0", "--https-port", "0", "--tls-certificate", _folder["both.pem"]);
        var ports = await emulator.Ports();
        using var http = new HttpClient();

        var pem = await http.GetStringAsync(new Uri(emulator.Url, "/_emulator/ca.pem"), Cancelled);

        Assert.Equal(_given.Pem, pem);
        using var ca = X509Certificate2.CreateFromPem(pem);
        foreach (var port in new[] { ports["mqtts"], ports["https"] })
        {
            await using var stream = await Secured(port, "localhost", ca);
            Assert.Equal(_given.Certificate.GetCertHash(), stream.RemoteCertificate!.GetCertHash());
        }
        await emulator.Terminate();
    }

    [Fact]
    public async Task Files_that_cannot_be_used_stop_the_start()
    {
        await File.WriteAllTextAsync(_folder["given.pem"], _given.Pem, Cancelled);

        var (exitCode, output, error) = await EmulatorProcess.RunToExit("--port", "0", "--tls-certificate", _folder["given.pem"]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"--tls-certificate: {_folder["given.pem"]} has no key that fits its certificate. --tls-key names the file of the key.", error.Trim());
    }

    [Fact]
    public async Task A_host_name_states_the_region_and_a_client_certificate_identifies_a_device()
    {
        using var emulator = await EmulatorProcess.Start("--mqtt-tls-port", "0", "--https-port", "0", "--tls-folder", _folder["tls"], "--region", "eu-west-1");
        var ports = await emulator.Ports();
        using var http = new HttpClient { BaseAddress = emulator.Url };
        using var ca = X509Certificate2.CreateFromPem(await http.GetStringAsync("/_emulator/ca.pem", Cancelled));
        await http.PostAsync(new Uri("/things/pump-1", UriKind.Relative), null, Cancelled);
        await http.PutAsJsonAsync("/jobs/update-firmware", new { targets = new[] { "arn:aws:iot:eu-west-1:123456789012:thing/pump-1" }, document = "{}" }, Cancelled);

        foreach (var (host, answer) in new[] { ("abc123-ats.iot.eu-west-1.amazonaws.com", "accepted"), ("abc123-ats.iot.us-east-1.amazonaws.com", "rejected") })
        {
            await using var stream = await Secured(ports["mqtts"], host, ca);
            Assert.Equal($"$aws/things/pump-1/jobs/get/{answer}", await RawMqtt.Ask(stream, "$aws/things/pump-1/jobs/get"));
        }

        Assert.Null((await Execution(null))["thingName"]);
        Assert.Equal("pump-1", (string?)(await Execution(_given.Certificate))["thingName"]);
        await emulator.Terminate();

        async Task<JsonNode> Execution(X509Certificate2? shown)
        {
            using var handler = new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = Trusting(ca), ClientCertificates = shown is null ? [] : [shown] } };
            using var device = new HttpClient(handler);
            var answer = await device.GetFromJsonAsync<JsonObject>(
                new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{ports["https"]}/things/pump-1/jobs/update-firmware")), Cancelled);
            return answer!["execution"]!;
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static X509ChainPolicy Trusting(X509Certificate2 ca) =>
        new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck };

    private static async Task<SslStream> Secured(int port, string host, X509Certificate2 ca)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancelled);
        var secured = new SslStream(socket.GetStream());
        await secured.AuthenticateAsClientAsync(new() { TargetHost = host, CertificateChainPolicy = Trusting(ca) }, Cancelled);
        return secured;
    }
}
