using System.Collections;
using IoTJobsEmulator.Core.State;
using Microsoft.Extensions.Logging;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Settings in their three forms.</summary>
public sealed class EmulatorOptionsTests
{
    [Fact]
    public void Without_settings_it_listens_on_loopback_and_keeps_nothing()
    {
        var options = Read();
        Assert.Equal((8080, "localhost", null, "123456789012", "us-east-1", ""), (options.Port, options.Bind, options.Database, options.Account, options.Region, options.BasePath));
        Assert.Equal((TimeSpan.FromSeconds(2), LogLevel.Information), (options.Service.DeletionDuration, options.LogLevel));
    }

    [Fact]
    public void A_port_for_devices_is_a_number_or_off()
    {
        Assert.Equal([1883, 8883, 8443], [.. Read().MqttPort.Ports, .. Read().MqttTlsPort.Ports, .. Read().HttpsPort.Ports]);
        Assert.False(Read().MqttPort.IsGiven);
        Assert.True(Read("--mqtt-port", "0").MqttPort.IsGiven);
        Assert.Equal([0], Read("--mqtt-port", "0").MqttPort.Ports);
        Assert.Empty(Read("--https-port", "off").HttpsPort.Ports);
        Assert.Equal([8443, 443], Read("--https-port", "8443,443").HttpsPort.Ports);
        Assert.Equal([8883, 443], Read("--mqtt-tls-port", "8883, 443").MqttTlsPort.Ports);
        Assert.Throws<SettingException>(() => Read("--tls-certificate", "/no/such/file"));
    }

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        using var file = new Storage.Folder();
        File.WriteAllText(file["settings.json"], """{"port": 1, "region": "eu-west-1", "deletion-duration": 1.5, "account": "111122223333"}""");
        var environment = new Hashtable { ["IOTJOBS_PORT"] = "2", ["IOTJOBS_REGION"] = "eu-west-2", ["IOTJOBS_CONFIG"] = file["settings.json"], ["PATH"] = "/bin" };

        var options = EmulatorOptions.Read(["--port", "3"], environment);

        Assert.Equal((3, "eu-west-2", TimeSpan.FromSeconds(1.5), "111122223333"), (options.Port, options.Region, options.Service.DeletionDuration, options.Account));
    }

    [Fact]
    public void A_setting_is_given_with_or_without_an_equals_sign()
    {
        Assert.Equal(TimeSpan.Zero, Read("--deletion-duration", "0").Service.DeletionDuration);
        Assert.Equal(TimeSpan.FromMinutes(15), Read("--deletion-duration=15m").Service.DeletionDuration);
        Assert.Equal(
            new() { Rollout = RolloutMode.immediate, ActiveJobs = 3, ConcurrentJobs = 2, TargetsPerJob = 1 },
            Read("--rollout", "immediate", "--active-jobs=3", "--concurrent-jobs=2", "--targets-per-job=1").Service);
        Assert.Equal("*", Read("--bind=*").Bind);
        Assert.Equal("jobs=1.db", Read("--database=jobs=1.db").Database);
        Assert.Equal("/aws", Read("--base-path", "/aws/").BasePath);
        Assert.Equal(LogLevel.Warning, Read("--log-level", "warning").LogLevel);
    }

    [Theory]
    [InlineData("Unknown setting --prot.", "--prot", "8080")]
    [InlineData("Unknown argument 8080.", "8080")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("--port: 'http' is not a number from 0 to 65535.", "--port", "http")]
    [InlineData("--port: '65536' is not a number from 0 to 65535.", "--port=65536")]
    [InlineData("--port: '-1' is not a number from 0 to 65535.", "--port", "-1")]
    [InlineData("--mqtt-tls-port: 'on' is not a number from 0 to 65535, several with commas between them, or off.", "--mqtt-tls-port", "on")]
    [InlineData("--https-port: '8443,off' is not a number from 0 to 65535, several with commas between them, or off.", "--https-port", "8443,off")]
    [InlineData("--https-port: '8443,' is not a number from 0 to 65535, several with commas between them, or off.", "--https-port", "8443,")]
    [InlineData("--bind: 'everywhere' is not an IP address, localhost or *.", "--bind", "everywhere")]
    [InlineData("--bind: '224.0.0.1' is not an IP address, localhost or *.", "--bind", "224.0.0.1")]
    [InlineData("--bind: '255.255.255.255' is not an IP address, localhost or *.", "--bind", "255.255.255.255")]
    [InlineData("--bind: 'ff02::1' is not an IP address, localhost or *.", "--bind", "ff02::1")]
    [InlineData("--base-path: '/a?b' is not a path that begins with /.", "--base-path", "/a?b")]
    [InlineData("--endpoint: 'http://x:99' is not a host name, a port behind it.", "--endpoint", "http://x:99")]
    [InlineData("--endpoint: 'a b' is not a host name, a port behind it.", "--endpoint", "a b")]
    [InlineData("--public-url: 'http://a#b' is not a URL such as http://localhost:9000.", "--public-url", "http://a#b")]
    [InlineData("--allowed-origins: 'localhost' is not an origin such as http://localhost:3000, several with commas between them, or *.", "--allowed-origins", "localhost")]
    [InlineData("--allowed-origins: 'http://a/b' is not an origin such as http://localhost:3000, several with commas between them, or *.", "--allowed-origins", "http://a/b")]
    [InlineData("--allowed-hosts: 'a b' is not a host name such as jobs.test or *.example.com, several with commas between them, or *.", "--allowed-hosts", "a b")]
    [InlineData("--allowed-hosts: '' is not a host name such as jobs.test or *.example.com, several with commas between them, or *.", "--allowed-hosts=")]
    [InlineData("--account: '1234' is not 12 digits.", "--account", "1234")]
    [InlineData("--rollout: 'slow' is not paced or immediate.", "--rollout", "slow")]
    [InlineData("--active-jobs: '-1' is not a number from 0 to 2147483647.", "--active-jobs", "-1")]
    [InlineData("--region: '' is not a region's name.", "--region=")]
    [InlineData("--deletion-duration: 'soon' is not a number of seconds, or 500ms, 90s, 15m, 24h, 7d.", "--deletion-duration", "soon")]
    [InlineData("--base-path: 'aws' is not a path that begins with /.", "--base-path", "aws")]
    [InlineData("--log-level: 'chatty' is not debug, information, warning or error.", "--log-level", "chatty")]
    [InlineData("--database: '' is not a value.", "--database=")]
    [InlineData("--documents: '/no/such/folder' is not a folder that exists.", "--documents", "/no/such/folder")]
    [InlineData("--s3-endpoint: 'localhost:9000' is not a URL such as http://localhost:9000.", "--s3-endpoint", "localhost:9000")]
    [InlineData("documents and s3-endpoint stand for the same: only one of them can be set.", "--documents", "/", "--s3-endpoint", "http://localhost:9000")]
    [InlineData("tls-key is the key of tls-certificate: it cannot be set alone.", "--tls-key", "/dev/null")]
    public void What_is_unknown_or_bad_is_refused_by_name(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<SettingException>(() => Read(arguments)).Message);

    [Theory]
    [InlineData("--prot", "port")]
    [InlineData("--logs-level", "log-level")]
    [InlineData("--databases", "database")]
    [InlineData("--verbose", null)]
    [InlineData("--x", null)]
    public void A_setting_that_may_have_been_meant_is_named(string argument, string? nearest) =>
        Assert.Equal(nearest, Assert.Throws<SettingException>(() => Read(argument, "1")).Nearest);

    [Fact]
    public void The_address_that_the_tools_commands_read_from_the_environment_is_no_setting()
    {
        Assert.Equal(8080, EmulatorOptions.Read([], new Hashtable { ["IOTJOBS_URL"] = "http://localhost:8081" }).Port);
        Assert.Equal("Unknown setting --url.", Assert.Throws<SettingException>(() => Read("--url", "http://localhost:8081")).Message);
    }

    [Fact]
    public void The_environment_is_as_strict()
    {
        Assert.Equal("Unknown setting IOTJOBS_PROT.", Assert.Throws<SettingException>(() => EmulatorOptions.Read([], new Hashtable { ["IOTJOBS_PROT"] = "1" })).Message);
        Assert.Equal("IOTJOBS_PORT: '' is not a number from 0 to 65535.", Assert.Throws<SettingException>(() => EmulatorOptions.Read([], new Hashtable { ["IOTJOBS_PORT"] = "" })).Message);
    }

    [Theory]
    [InlineData("{\"prot\": 1}", "Unknown setting \"prot\" in ")]
    [InlineData("{\"port\": \"x\"}", "\"port\" in ")]
    [InlineData("[]", "The configuration file ")]
    [InlineData("{", "The configuration file ")]
    [InlineData(null, "The configuration file ")]
    public void The_file_is_as_strict(string? content, string message)
    {
        using var folder = new Storage.Folder();
        if (content is not null)
            File.WriteAllText(folder["settings.json"], content);
        Assert.StartsWith(message, Assert.Throws<SettingException>(() => Read("--config", folder["settings.json"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_have_commas_and_may_be_arrays_in_the_file()
    {
        using var folder = new Storage.Folder();
        File.WriteAllText(folder["settings.json"], """{"allowed-hosts": ["jobs.test", "*.example.com"], "https-port": [8443, 443]}""");
        var options = Read("--config", folder["settings.json"], "--allowed-origins", "HTTP://LocalHost:3000/, https://example.com:443,capacitor://localhost");
        Assert.Equal(["http://localhost:3000", "https://example.com", "capacitor://localhost"], options.AllowedOrigins);
        Assert.Equal(["jobs.test", "*.example.com"], options.AllowedHosts);
        Assert.Equal([8443, 443], options.HttpsPort.Ports);
    }

    [Fact]
    public void A_path_of_the_file_that_is_no_path_is_refused() =>
        Assert.StartsWith("The configuration file  cannot be read", Assert.Throws<SettingException>(() => Read("--config=")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_address_is_kept_as_URLs_have_it() => Assert.Equal("::1", Read("--bind", "[::1]").Bind);

    [Fact]
    public void Help_names_every_setting_and_its_default()
    {
        foreach (var setting in new[] { "--port", "--bind", "--database", "--import", "--export", "--account", "--region", "--deletion-duration", "--base-path", "--endpoint", "--documents", "--s3-endpoint", "--s3-access-key", "--s3-secret-key", "--public-url", "--allowed-origins", "--allowed-hosts", "--log-level", "--config", "(8080)", "(2s)" })
            Assert.Contains(setting, EmulatorOptions.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void What_to_begin_with_is_said_once()
    {
        using var folder = new Storage.Folder();
        File.WriteAllText(folder["world.db"], "");
        Assert.Equal((folder["world.db"], "end.db"), (Read("--import", folder["world.db"]).Import, Read("--export", "end.db").Export));
        Assert.StartsWith("import and database both say", Assert.Throws<SettingException>(() => Read("--import", folder["world.db"], "--database", "jobs.db")).Message, StringComparison.Ordinal);
        Assert.Throws<SettingException>(() => Read("--import", folder["nowhere.db"]));
    }

    private static EmulatorOptions Read(params string[] arguments) => EmulatorOptions.Read(arguments, new Hashtable());
}
