using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Tests.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>The program as users start it: a process of its own, on a socket.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task It_says_where_it_listens_and_ends_when_it_is_told_to()
    {
        using var emulator = await EmulatorProcess.Start();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(emulator.Url, "/_emulator/health"), Cancelled);
        Assert.Equal("running", (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["status"]);
        Assert.False(answer.Headers.Contains("Server"));

        Assert.Equal(0, await emulator.Terminate());
    }

    [Fact]
    public async Task It_ends_although_a_connection_is_open()
    {
        using var emulator = await EmulatorProcess.Start();
        using var connection = await emulator.Connect();
        await connection.GetStream().WriteAsync("PUT /jobs/update-firmware HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Cancelled);
        Assert.Equal(0, await emulator.Terminate());
    }

    [Fact]
    public async Task It_waits_half_a_second_for_open_connections_when_it_ends()
    {
        await using var emulator = new Emulator();
        Assert.Equal(TimeSpan.FromMilliseconds(500), emulator.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task A_second_one_cannot_listen_there_and_the_health_check_tells()
    {
        using var emulator = await EmulatorProcess.Start();
        var port = emulator.Url.Port.ToString(CultureInfo.InvariantCulture);

        var second = await EmulatorProcess.RunToExit("--port", port);
        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith($"Cannot listen on localhost port {port}: ", second.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await EmulatorProcess.RunToExit("--health-check", "--port", port)).ExitCode);
        await emulator.Terminate();
        Assert.Equal(1, (await EmulatorProcess.RunToExit("--health-check", "--port", port)).ExitCode);
    }

    [Fact]
    public async Task A_bad_setting_stops_the_start()
    {
        var (exitCode, output, error) = await EmulatorProcess.RunToExit("--deletion-duration", "soon");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("--deletion-duration: 'soon' is not ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_stops_the_start_and_the_nearest_is_named()
    {
        var (exitCode, output, error) = await EmulatorProcess.RunToExit("--prot", "8080");
        Assert.Equal((2, "", "Unknown setting --prot. Did you mean --port? --help shows all settings."), (exitCode, output, error.Trim()));
    }

    [Theory]
    [InlineData("192.0.2.1")] // of a network that is for documents only
    [InlineData("fe80::1")]
    public async Task An_address_of_another_machine_stops_the_start(string address)
    {
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--bind", address);
        Assert.Equal((1, $"--bind: {address} is not an address of this machine."), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_answered_before_it_is_read()
    {
        using var emulator = await EmulatorProcess.Start();
        using var connection = await emulator.Connect();
        var stream = connection.GetStream();
        await stream.WriteAsync("PUT /jobs/update-firmware HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"u8.ToArray(), Cancelled);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(Cancelled));
        await emulator.Terminate();
    }

    [Fact]
    public async Task Devices_reach_it_over_TCP_and_TLS_with_a_certificate_that_its_CA_has_signed()
    {
        using var folder = new Storage.Folder();
        using var emulator = await EmulatorProcess.Start("--mqtt-port", "0", "--mqtt-tls-port", "0", "--https-port", "0", "--tls-folder", folder["tls"]);
        var ports = await emulator.Ports();

        using var plain = new TcpClient("127.0.0.1", ports["mqtt"]);
        Assert.Equal("20020000", await ConnectMqtt(plain.GetStream()));

        using var http = new HttpClient();
        using var ca = X509Certificate2.CreateFromPem(await http.GetStringAsync(new Uri(emulator.Url, "/_emulator/ca.pem"), Cancelled));
        Assert.True(File.Exists(folder["tls/ca.key"]));
        foreach (var host in new[] { "localhost", "abc123-ats.iot.eu-west-1.amazonaws.com" })
        {
            using var line = new TcpClient("127.0.0.1", ports["mqtts"]);
            await using var secured = new SslStream(line.GetStream());
            await secured.AuthenticateAsClientAsync(new()
            {
                TargetHost = host,
                ApplicationProtocols = [new("x-amzn-mqtt-ca")],
                CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck },
            }, Cancelled);
            Assert.Equal("20020000", await ConnectMqtt(secured));
        }
        await emulator.Terminate();
    }

    [Fact]
    public async Task A_port_for_devices_that_is_taken_stops_the_start_if_it_was_asked_for()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--mqtt-port", port.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((1, $"--mqtt-port: port {port} is taken."), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task Each_port_of_a_list_has_to_be_free()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "0", "--https-port", string.Create(CultureInfo.InvariantCulture, $"0,{port}"));
        Assert.Equal((1, $"--https-port: port {port} is taken."), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task A_port_is_used_once()
    {
        var (exitCode, _, error) = await EmulatorProcess.RunToExit("--port", "49151", "--https-port", "49151");
        Assert.Equal((1, "--https-port: port 49151 is taken."), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task What_is_answered_leads_to_HTTPS_when_it_is_served()
    {
        const string Document = """{"download":"${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/firmware/1.2.bin}"}""";
        using var folder = new Storage.Folder();
        Directory.CreateDirectory(folder["objects"]);
        using var emulator = await EmulatorProcess.Start("--mqtt-port", "0", "--https-port", "0,0", "--tls-folder", folder["tls"], "--documents", folder["objects"], "--base-path", "/aws");
        var ports = await emulator.AllPorts();
        var https = ports["https"].First();
        Assert.Equal(2, ports["https"].Distinct().Count());
        using var http = new HttpClient { BaseAddress = new(emulator.Url, "/") };

        Assert.Equal($"127.0.0.1:{https}", await Endpoint("iot:Jobs"));
        Assert.Equal("127.0.0.1", await Endpoint("iot:Data-ATS"));
        Assert.Equal("127.0.0.1", await Endpoint("iot:Data"));

        await http.PostAsync(new Uri("things/pump-1", UriKind.Relative), null, Cancelled);
        await http.PutAsJsonAsync("jobs/update-firmware", new
        {
            targets = new[] { "arn:aws:iot:us-east-1:123456789012:thing/pump-1" },
            document = Document,
            presignedUrlConfig = new { roleArn = "arn:aws:iam::123456789012:role/download" },
        }, Cancelled);
        var answer = await http.GetFromJsonAsync<JsonNode>("iot-jobs-data/things/pump-1/jobs/$next?includeJobDocument=true", Cancelled);
        Assert.StartsWith($$"""{"download":"https://127.0.0.1:{{https}}/aws/_emulator/documents/firmware/1.2.bin?""", (string?)answer!["execution"]!["jobDocument"], StringComparison.Ordinal);

        using var line = new TcpClient("127.0.0.1", ports["mqtt"].Single());
        var told = await RawMqtt.AskForPayload(line.GetStream(), "$aws/things/pump-1/jobs/$next/get");
        Assert.Contains($"https://localhost:{https}/aws/_emulator/documents/firmware/1.2.bin?", told, StringComparison.Ordinal);
        await emulator.Terminate();

        async Task<string?> Endpoint(string type) => (string?)(await http.GetFromJsonAsync<JsonNode>($"endpoint?endpointType={type}", Cancelled))!["endpointAddress"];
    }

    private static async Task<string> ConnectMqtt(Stream stream)
    {
        await stream.WriteAsync(Convert.FromHexString("100E00044D5154540402003C00027031"), Cancelled);
        var answer = new byte[4];
        await stream.ReadExactlyAsync(answer, Cancelled);
        return Convert.ToHexString(answer);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
