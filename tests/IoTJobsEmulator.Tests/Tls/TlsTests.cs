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

        Assert.Equal(_given.Pem + "\n", pem);
        using var ca = X509Certificate2.CreateFromPem(pem);
        foreach (var port in new[] { ports["mqtts"], ports["https"] })
        {
            await using var stream = await Secured(port, "localhost", ca);
            Assert.Equal(_given.Certificate.GetCertHash(), stream.RemoteCertificate!.GetCertHash());
        }
        await emulator.Terminate();
    }

    /// <summary>A client trusts the root only, as browsers and devices do, and needs the intermediate from the server.</summary>
    [Fact]
    public async Task The_intermediates_of_a_configured_certificate_are_sent()
    {
        using var chain = new IssuedChain();
        await File.WriteAllTextAsync(_folder["chain.pem"], chain.Pem, Cancelled);
        using var emulator = await EmulatorProcess.Start("--mqtt-tls-port", "0", "--https-port", "0", "--tls-certificate", _folder["chain.pem"]);
        var ports = await emulator.Ports();

        foreach (var port in new[] { ports["mqtts"], ports["https"] })
        {
            await using var stream = await Secured(port, "localhost", chain.Root);
            Assert.Equal("CN=localhost", ((X509Certificate2)stream.RemoteCertificate!).Subject);
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
    public async Task A_folder_of_the_CA_that_cannot_be_used_stops_the_start()
    {
        await File.WriteAllTextAsync(_folder["tls"], "a file", Cancelled);

        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--https-port", "0", "--tls-folder", _folder["tls"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"--tls-folder: {_folder["tls"]} cannot be read or written: ", error, StringComparison.Ordinal);
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

    /// <summary>As on port 443 of AWS: the client chooses the protocol by ALPN, and HTTP is for those that choose none.</summary>
    [Fact]
    public async Task A_port_of_HTTPS_serves_MQTT_to_clients_that_choose_it()
    {
        using var emulator = await EmulatorProcess.Start("--https-port", "0,0", "--mqtt-tls-port", "0,0", "--tls-folder", _folder["tls"]);
        var ports = await emulator.AllPorts();
        using var http = new HttpClient { BaseAddress = emulator.Url };
        var pem = await http.GetStringAsync("/_emulator/ca.pem", Cancelled);
        using var ca = X509Certificate2.CreateFromPem(pem);
        Assert.EndsWith("-----END CERTIFICATE-----\n", pem, StringComparison.Ordinal);
        Assert.Equal(pem, await File.ReadAllTextAsync(_folder["tls/ca.pem"], Cancelled));
        Assert.EndsWith("-----END PRIVATE KEY-----\n", await File.ReadAllTextAsync(_folder["tls/ca.key"], Cancelled), StringComparison.Ordinal);

        foreach (var shown in new[] { null, _given.Certificate })
        {
            foreach (var port in ports["https"])
            {
                await Mqtt(port, shown, "x-amzn-mqtt-ca");
                await Mqtt(port, shown, "mqtt");
                await Http(port, shown, "x-amzn-http-ca");
                await Http(port, shown, "http/1.1");
                await Http(port, shown, "h2", "http/1.1");
                await Http(port, shown);
            }
            foreach (var port in ports["mqtts"])
            {
                await Mqtt(port, shown, "x-amzn-mqtt-ca");
                await Mqtt(port, shown, "mqtt");
                await Mqtt(port, shown);
            }
        }
        await Assert.ThrowsAnyAsync<Exception>(() => Mqtt(ports["mqtts"].First(), null, "http/1.1"));
        Assert.Equal(0, await emulator.Terminate());

        Task Mqtt(int port, X509Certificate2? shown, params string[] offered) => Ask(port, shown, offered, Convert.FromHexString("100E00044D5154540402003C00027031"), [0x20, 2, 0, 0]);

        Task Http(int port, X509Certificate2? shown, params string[] offered) => Ask(port, shown, offered, "GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), "HTTP/1.1 200 "u8.ToArray());

        async Task Ask(int port, X509Certificate2? shown, string[] offered, byte[] question, byte[] expected)
        {
            await using var stream = await Secured(port, "localhost", ca, shown, offered);
            Assert.Equal(offered.LastOrDefault() ?? "", stream.NegotiatedApplicationProtocol.ToString());
            await stream.WriteAsync(question, Cancelled);
            var answer = new byte[expected.Length];
            await stream.ReadExactlyAsync(answer, Cancelled);
            Assert.Equal(expected, answer);
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static X509ChainPolicy Trusting(X509Certificate2 ca) =>
        new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck };

    private static async Task<SslStream> Secured(int port, string host, X509Certificate2 ca, X509Certificate2? shown = null, params string[] offered)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancelled);
        var secured = new SslStream(socket.GetStream());
        await secured.AuthenticateAsClientAsync(new()
        {
            TargetHost = host,
            CertificateChainPolicy = Trusting(ca),
            ClientCertificates = shown is null ? [] : [shown],
            ApplicationProtocols = [.. offered.Select(protocol => new SslApplicationProtocol(protocol))],
        }, Cancelled);
        return secured;
    }
}
