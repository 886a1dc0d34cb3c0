using System.Net.WebSockets;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Whom the emulator serves: which host names, and web pages of which origins.</summary>
public sealed class CallerCheckTests
{
    private const string Evil = "http://evil.example", Hosts = "allowed-hosts", Origins = "allowed-origins";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.:1")]
    [InlineData("jobs.localhost:8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("192.168.1.5")]
    [InlineData("[::1]:8080")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com")]
    [InlineData("iot.cn-north-1.amazonaws.com.cn")]
    [InlineData("iot-fips.us-east-1.api.aws")]
    [InlineData("host.docker.internal:8080")]
    [InlineData("")]
    public Task A_host_name_of_this_machine_is_served(string host) => IsServed(host);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("iot-jobs")]
    [InlineData("amazonaws.com.evil.example")]
    [InlineData("evilamazonaws.com")]
    [InlineData("evillocalhost")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Another_one_is_refused_by_the_name_of_the_setting(string host)
    {
        using var emulator = new Emulator();
        Assert.Equal(200, (await emulator.Send("GET", "/things")).Status);
        var refused = await emulator.Send("GET", "/things", null, ("Host", host));
        Assert.Equal((403, "AccessDeniedException"), (refused.Status, refused.ErrorType));
        Assert.Contains(Hosts, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs.test", Hosts, "other.test, jobs.test")]
    [InlineData("a.jobs.test", Hosts, "*.jobs.test")]
    [InlineData("localhost", Hosts, "*.jobs.test")]
    [InlineData("any.test", Hosts, "*")]
    [InlineData("jobs.test:8443", "public-url", "https://jobs.test:8443/iot")]
    [InlineData("jobs.test", "endpoint", "jobs.test:8443")]
    [InlineData("iot-jobs", "bind", "*")]
    [InlineData("iot-jobs", "bind", "192.168.1.5")]
    public Task Settings_name_further_ones(string host, string setting, string value) => IsServed(host, (setting, value));

    [Fact]
    public async Task Bound_to_all_addresses_names_are_checked_when_they_are_set()
    {
        using var emulator = new Emulator(("bind", "*"), (Hosts, "iot-jobs"));
        Assert.Equal(200, (await emulator.Send("GET", "/things", null, ("Host", "iot-jobs:8080"))).Status);
        Assert.Equal(403, (await emulator.Send("GET", "/things", null, ("Host", "evil.example"))).Status);
    }

    [Theory]
    [InlineData("POST", "Origin: http://evil.example")]
    [InlineData("POST", "Origin: null")]
    [InlineData("POST", "Origin: http://localhost:3000")]
    [InlineData("POST", "Origin: http://localhost:8080", "Sec-Fetch-Site: same-site")]
    [InlineData("POST", "Sec-Fetch-Site: cross-site")]
    [InlineData("POST", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")]
    [InlineData("OPTIONS", "Origin: http://evil.example", "Access-Control-Request-Method: POST")]
    [InlineData("GET", "Origin: http://evil.example")]
    [InlineData("GET", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image")]
    [InlineData("GET", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")]
    public async Task A_page_of_another_origin_may_not_call(string method, params string[] headers)
    {
        using var emulator = new Emulator();
        var refused = await emulator.Send(method, "/things/pump-1", null, Named(headers));
        Assert.Equal((403, "AccessDeniedException"), (refused.Status, refused.ErrorType));
        Assert.Contains(Origins, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control-Allow-Origin", refused.Headers.Keys);
        Assert.Equal(404, (await emulator.Send("GET", "/things/pump-1")).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("POST", "Origin: http://localhost:8080")]
    [InlineData("POST", "Origin: http://LOCALHOST:8080", "Sec-Fetch-Site: same-origin")]
    [InlineData("POST", "Origin: https://proxy.example", "Sec-Fetch-Site: same-origin")]
    [InlineData("POST", "Origin: https://localhost:8080")]
    [InlineData("POST", "Origin: http://localhost")]
    [InlineData("POST", "Origin: localhost")]
    [InlineData("POST", "Sec-Fetch-Site: none")]
    [InlineData("POST", "Sec-Fetch-Mode: cors")]
    [InlineData("GET", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")]
    public async Task Pages_of_its_own_links_and_other_clients_notice_nothing(string method, params string[] headers)
    {
        using var emulator = new Emulator();
        Assert.Equal(method == "GET" ? 404 : 200, (await emulator.Send(method, "/things/pump-1", null, Named(headers))).Status);
    }

    [Theory]
    [InlineData(Evil + ",http://localhost:3000/", Evil)]
    [InlineData("http://localhost:3000, " + Evil, "http://localhost:3000")]
    [InlineData("*", "https://any.example")]
    public async Task A_page_of_an_allowed_origin_calls_and_reads(string allowed, string origin)
    {
        using var emulator = new Emulator((Origins, allowed));
        var preflight = await emulator.Send("OPTIONS", "/things/pump-1", null,
            ("Origin", origin), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,x-amz-date"));
        Assert.Equal((204, "PATCH", "authorization,x-amz-date"),
            (preflight.Status, preflight.Headers["Access-Control-Allow-Methods"], preflight.Headers["Access-Control-Allow-Headers"]));

        var answer = await emulator.Send("GET", "/things/pump-1", null, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal((404, allowed == "*" ? "*" : origin), (answer.Status, answer.Headers["Access-Control-Allow-Origin"]));
        Assert.Equal("x-amzn-ErrorType,x-amzn-RequestId", answer.Headers["Access-Control-Expose-Headers"]);
    }

    [Fact]
    public async Task Other_origins_stay_refused()
    {
        using var emulator = new Emulator((Origins, "http://localhost:3000"));
        Assert.Equal(403, (await emulator.Send("POST", "/things/pump-1", null, ("Origin", Evil))).Status);
        var preflight = await emulator.Send("OPTIONS", "/things/pump-1", null, ("Origin", Evil), ("Access-Control-Request-Method", "POST"));
        Assert.DoesNotContain("Access-Control-Allow-Origin", preflight.Headers.Keys);
    }

    [Theory]
    [InlineData(Evil, false)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("https://localhost:8080", true)]
    [InlineData(null, true)]
    public async Task A_WebSocket_of_another_origin_is_refused(string? origin, bool isOpened)
    {
        using var emulator = new Emulator();
        var client = emulator.Server.CreateWebSocketClient();
        client.SubProtocols.Add("mqtt");
        client.ConfigureRequest = request => request.Headers.Origin = origin;
        var opening = client.ConnectAsync(new("ws://localhost:8080/mqtt"), TestContext.Current.CancellationToken);
        if (isOpened)
            Assert.Equal(WebSocketState.Open, (await opening).State);
        else
            Assert.Contains("403", (await Assert.ThrowsAsync<InvalidOperationException>(() => opening)).Message, StringComparison.Ordinal);
    }

    private static async Task IsServed(string host, params (string Name, string Value)[] settings)
    {
        using var emulator = new Emulator(settings);
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/health", null, ("Host", host))).Status);
    }

    private static (string Name, string Value)[] Named(string[] headers) => Array.ConvertAll(headers, header => header.Split(": ") is [var name, var value] ? (name, value) : default);
}
