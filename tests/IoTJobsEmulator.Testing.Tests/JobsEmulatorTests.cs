using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>The emulator in the test's process.</summary>
public sealed class JobsEmulatorTests
{
    private const string Connect = "100E00044D5154540402003C00027031", Connected = "20020000";

    [Fact]
    public async Task It_is_reached_over_HTTP_and_MQTT()
    {
        await using var emulator = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        using var http = new HttpClient();
        Assert.Contains("running", await http.GetStringAsync(new Uri(emulator.ServiceUrl, "_emulator/health"), Cancelled), StringComparison.Ordinal);
        Assert.Equal(emulator.ServiceUrl.AbsoluteUri + "iot-jobs-data", emulator.DataPlaneUrl.AbsoluteUri);

        using var plain = new TcpClient("127.0.0.1", emulator.MqttPort);
        Assert.Equal(Connected, await Answer(plain.GetStream()));

        Assert.Contains("Tls", Assert.Throws<InvalidOperationException>(() => emulator.CaCertificate).Message, StringComparison.Ordinal);
        Assert.Contains("Tls", Assert.Throws<InvalidOperationException>(() => emulator.HttpsUrl).Message, StringComparison.Ordinal);
        Assert.Contains("Tls", Assert.Throws<InvalidOperationException>(() => emulator.MqttTlsPort).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_ports_with_TLS_are_trusted_by_its_CA()
    {
        await using var emulator = await JobsEmulator.StartAsync(
            options =>
            {
                options.Tls = true;
                options.Mqtt = false;
            },
            Cancelled);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { emulator.CaCertificate }, RevocationMode = X509RevocationMode.NoCheck };
        Assert.False(emulator.CaCertificate.HasPrivateKey);
        using var published = await emulator.GetCaCertificateAsync(Cancelled);
        Assert.Equal(emulator.CaCertificate, published);

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
        await http.GetStringAsync(new Uri(emulator.HttpsUrl, "_emulator/health"), Cancelled);

        using var line = new TcpClient("127.0.0.1", emulator.MqttTlsPort);
        await using var secured = new SslStream(line.GetStream());
        await secured.AuthenticateAsClientAsync(new() { TargetHost = "localhost", CertificateChainPolicy = trust }, Cancelled);
        Assert.Equal(Connected, await Answer(secured));

        Assert.Contains("Mqtt", Assert.Throws<InvalidOperationException>(() => emulator.MqttPort).Message, StringComparison.Ordinal);
    }

    /// <summary>Those of the process are not read: they are for the tests themselves.</summary>
    [Fact]
    public async Task Variables_of_OpenTelemetry_stand_among_the_settings()
    {
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => JobsEmulator.StartAsync(options => options.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "nowhere", Cancelled));
        Assert.Equal("OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' is not a URL such as http://localhost:4317.", refused.Message);
    }

    [Fact]
    public async Task Several_know_nothing_of_one_another()
    {
        await using var first = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        await using var second = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        var frozen = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await first.Clock.FreezeAsync(frozen, Cancelled);
        using var fleet = new Fleet(first);
        await fleet.CreateThing("pump-1");

        Assert.NotEqual(frozen, (await second.Clock.GetAsync(Cancelled)).Now);
        Assert.Equal((1, 0), (await first.Requests.CountAsync("CreateThing", Cancelled), await second.Requests.CountAsync("CreateThing", Cancelled)));
        await second.DisposeAsync();
        Assert.Equal(new(frozen, true), await first.Clock.GetAsync(Cancelled));
    }

    [Theory]
    [InlineData("rollout", "slow", "--rollout: 'slow' is not paced or immediate.")]
    [InlineData("console", "on", "--console: The console's scripts and styles are not in the package. The program and the container have it.")]
    [InlineData("prot", "1", "Unknown setting --prot.")]
    [InlineData("bind", "192.0.2.1", "--bind: 192.0.2.1 is not an address of this machine.")]
    [InlineData("database", "/no/such/folder/jobs.db", "The folder of the database '/no/such/folder/jobs.db' does not exist.")]
    public async Task A_setting_that_cannot_be_is_refused_by_name(string name, string value, string message)
    {
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => JobsEmulator.StartAsync(options => (options.Tls, options.Settings[name]) = (true, value), Cancelled));
        Assert.Equal(message, refused.Message);
        Assert.Null(refused.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var first = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        var port = first.ServiceUrl.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var refused = await Assert.ThrowsAsync<EmulatorException>(() => JobsEmulator.StartAsync(options => options.Settings["port"] = port, Cancelled));
        Assert.StartsWith($"Cannot listen on localhost port {port}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_no_environment_variable()
    {
        Environment.SetEnvironmentVariable("IOTJOBS_NO_SUCH_SETTING", "1");
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://192.0.2.1:1");
        try
        {
            await using var emulator = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
            await emulator.WaitUntilReadyAsync(Timeout.InfiniteTimeSpan, Cancelled);
        }
        finally
        {
            Environment.SetEnvironmentVariable("IOTJOBS_NO_SUCH_SETTING", null);
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    [Fact]
    public async Task Its_settings_reach_it()
    {
        await using var emulator = await JobsEmulator.StartAsync(
            options =>
            {
                options.Settings["base-path"] = "/aws/";
                options.Settings["journal-size"] = "0";
            },
            Cancelled);
        Assert.Equal("/aws", emulator.ServiceUrl.AbsolutePath);
        using var fleet = new Fleet(emulator);
        await fleet.CreateThing("pump-1");
        Assert.Equal(0, await emulator.Requests.CountAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Its_log_is_handed_on_line_by_line_without_the_context_of_the_test()
    {
        var context = new AsyncLocal<string> { Value = "of the test" };
        List<string> lines = [];
        List<string?> contexts = [];
        await using (var emulator = await JobsEmulator.StartAsync(
            options => options.Log = line =>
            {
                lines.Add(line);
                contexts.Add(context.Value);
                throw new InvalidOperationException("There is no currently active test.");
            },
            Cancelled))
        {
            using var fleet = new Fleet(emulator);
            await fleet.CreateThing("pump-1");
            await fleet.CreateThing("pump-2");
        }
        Assert.Equal(2, lines.Count(line => line.Contains(" CreateThing ", StringComparison.Ordinal)));
        Assert.All(contexts, Assert.Null);
    }

    [Fact]
    public async Task Its_start_can_be_given_up() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => JobsEmulator.StartAsync(cancellationToken: new(canceled: true)));

    [Fact]
    public async Task It_may_be_ended_twice()
    {
        var emulator = await JobsEmulator.StartAsync(options => options.Tls = true, Cancelled);
        await emulator.DisposeAsync();
        await emulator.DisposeAsync();
    }

    private static async Task<string> Answer(Stream mqtt)
    {
        await mqtt.WriteAsync(Convert.FromHexString(Connect), Cancelled);
        var answer = new byte[4];
        await mqtt.ReadExactlyAsync(answer, Cancelled);
        return Convert.ToHexString(answer);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
