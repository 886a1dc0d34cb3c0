using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Which API a request is for, and in which account and region.</summary>
public sealed class ApiSelectorTests
{
    private const string Execution = "/things/pump-1/jobs/update-firmware";

    public static TheoryData<string, string, string, string> Requests => new()
    {
        // plane, method, path, header
        { "data", "GET", "/iot-jobs-data" + Execution, "" },
        { "data", "GET", "/iot-jobs-data" + Execution, $"Authorization: {Emulator.Signed("iot").Value}" },
        { "data", "GET", Execution, $"Authorization: {Emulator.Signed("iot-jobs-data").Value}" },
        { "control", "GET", Execution, $"Authorization: {Emulator.Signed("iot").Value}" },
        { "control", "GET", Execution, $"Authorization: {Emulator.Signed("execute-api").Value}" },
        { "data", "GET", Execution + "?X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Fus-east-1%2Fiot-jobs-data%2Faws4_request", "" },
        { "control", "GET", Execution + "?X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Fus-east-1%2Fiot%2Faws4_request", "" },
        { "control", "GET", Execution + "?includeJobDocument=true", $"Authorization: {Emulator.Signed("iot").Value}" },
        { "data", "GET", Execution, "Host: data.jobs.iot.us-east-1.amazonaws.com" },
        { "data", "GET", Execution, "Host: jobs.iot.us-east-1.localhost" },
        { "data", "GET", Execution, "Host: data.jobs.iot-fips.us-east-1.api.aws" },
        { "data", "GET", Execution, "Host: abc123.jobs.iot.us-east-1.amazonaws.com:8443" },
        { "data", "GET", Execution, "Host: abc123-ats.iot.us-east-1.amazonaws.com" },
        { "data", "GET", Execution, "Host: abc123.iot.us-east-1.amazonaws.com" },
        { "data", "GET", "/iot-jobs-data" + Execution, "Host: iot.us-east-1.amazonaws.com" },
        { "control", "GET", Execution, "Host: iot.us-east-1.amazonaws.com" },
        { "control", "GET", Execution, "Host: iot-fips.us-east-1.api.aws" },
        { "control", "GET", Execution + "?includeJobDocument=false", "Host: iot.us-east-1.amazonaws.com" },
        { "data", "GET", Execution, "User-Agent: aws-sdk-js/3.956.0 api/iot-jobs-data-plane#3.956.0" },
        { "data", "GET", Execution, "X-Amz-User-Agent: aws-sdk-js/3.956.0 api/iot-jobs-data-plane#3.956.0" },
        { "data", "GET", Execution, "User-Agent: aws-cli/2.9.19 command/iot-jobs-data.describe-job-execution" },
        { "data", "GET", Execution, "User-Agent: aws-cli/2.9.19 md/command#iot-jobs-data.describe-job-execution" },
        { "control", "GET", Execution, "User-Agent: aws-cli/2.9.19 command/iot.describe-job-execution" },
        { "data", "GET", Execution + "?includeJobDocument=false", "" },
        { "data", "GET", "/things/pump-1/jobs/$next", "" },
        { "data", "GET", "/things/pump-1/jobs/%24next", "" },
        { "control", "GET", Execution, "" },
        { "control", "GET", Execution, "Authorization: Basic cHVtcDpwdW1w" },
        { "control", "GET", Execution, "Authorization: AWS4-HMAC-SHA256 Credential=nonsense" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_on_a_shared_path_reaches_the_plane_that_it_means(string plane, string method, string path, string header)
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", thing: "pump-1");
        var headers = header.Split(": ") is [var name, var value] ? [(name, value)] : Array.Empty<(string, string)>();

        var answer = await emulator.Send(method, path, null, headers);

        // only the control plane names the thing by its ARN, only the data plane by its name
        Assert.Equal(plane, answer.Json["execution"]!["thingArn"] is not null ? "control" : answer.Json["execution"]!["thingName"] is not null ? "data" : answer.Body);
    }

    /// <summary>AWS lets devices call over HTTPS with their certificate instead of a signature.</summary>
    [Theory]
    [InlineData("data", Execution)]
    [InlineData("data", Execution + "?executionNumber=1")]
    [InlineData("control", Execution, "iot")]
    [InlineData("data", Execution, "iot-jobs-data")]
    [InlineData("data", "/things/pump-1/jobs")]
    [InlineData("control", "/things/pump-1/jobs?maxResults=1")]
    [InlineData("control", "/things/pump-1/jobs?status=QUEUED")]
    [InlineData("control", "/things/pump-1")]
    [InlineData("control", "/jobs/update-firmware")]
    public async Task Who_shows_a_client_certificate_on_a_shared_path_is_a_device(string plane, string path, string? signedFor = null)
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", thing: "pump-1");
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=pump-1", key, HashAlgorithmName.SHA256).CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, default), new(2050, 1, 1, 0, 0, 0, default));

        var answer = await emulator.Server.SendAsync(context =>
        {
            var parts = path.Split('?');
            (context.Request.Path, context.Request.QueryString) = (parts[0], new(parts is [_, var query] ? "?" + query : ""));
            context.Connection.ClientCertificate = certificate;
            if (signedFor is not null)
                context.Request.Headers.Authorization = Emulator.Signed(signedFor).Value;
        }, TestContext.Current.CancellationToken);

        using var reader = new StreamReader(answer.Response.Body);
        var json = JsonNode.Parse(await reader.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(200, answer.Response.StatusCode);
        Assert.Equal(plane == "data", json["queuedJobs"] is not null || json["execution"]?["thingName"] is not null);
    }

    [Fact]
    public async Task What_only_devices_do_needs_no_signature()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", thing: "pump-1");

        Assert.Equal(200, (await emulator.Send("PUT", "/things/pump-1/jobs/$next", "{}")).Status);
        Assert.Equal(200, (await emulator.Send("POST", Execution, """{"status":"SUCCEEDED"}""")).Status);
    }

    [Fact]
    public async Task What_only_operators_do_is_not_there_for_devices()
    {
        using var emulator = new Emulator();
        Assert.Equal(404, (await emulator.Send("GET", "/jobs", null, Emulator.Signed("iot-jobs-data"))).Status);
        Assert.Equal(405, (await emulator.Send("POST", Execution, "{}", Emulator.Signed("iot"))).Status);
    }

    [Fact]
    public async Task A_device_that_does_not_sign_is_found_by_its_thing()
    {
        using var emulator = new Emulator();
        var operators = Emulator.Signed("iot", "eu-west-1", "111122223333");
        await emulator.Send("POST", "/things/pump-1", null, operators);
        await emulator.Send("PUT", "/jobs/update-firmware", """{"targets":["arn:aws:iot:eu-west-1:111122223333:thing/pump-1"],"document":"{}"}""", operators);

        Assert.Equal("update-firmware", (string?)(await emulator.Send("PUT", "/things/pump-1/jobs/$next", "{}")).Json["execution"]!["jobId"]);

        await emulator.CreateThing("pump-1");
        Assert.Equal("{}", (await emulator.Send("PUT", "/things/pump-1/jobs/$next", "{}")).Body);
    }

    [Theory]
    [InlineData("iot.eu-west-1.amazonaws.com", "eu-west-1")]
    [InlineData("iot.eu-west-1.api.aws", "eu-west-1")]
    [InlineData("iot-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData("localhost", "us-east-1")]
    public async Task Who_does_not_sign_gets_the_region_of_the_host_name(string host, string region)
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/things/pump-1", null, ("Host", host));
        Assert.Equal(200, (await emulator.Send("GET", "/things/pump-1", null, Emulator.Signed("iot", region))).Status);
    }

    [Theory]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", 200)]
    [InlineData("data.jobs.iot.eu-west-1.amazonaws.com", 200)]
    [InlineData("localhost", 200)] // found by its thing
    [InlineData("abc123-ats.iot.us-east-1.amazonaws.com", 404)]
    public async Task A_device_is_served_in_the_region_of_the_host_name(string host, int status)
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/things/pump-1", null, Emulator.Signed("iot", "eu-west-1"));
        Assert.Equal(status, (await emulator.Send("PUT", "/things/pump-1/jobs/$next", "{}", ("Host", host))).Status);
    }

    [Theory]
    [InlineData("POST", "/topics/plant/1?qos=1", 200)]
    [InlineData("GET", "/retainedMessage", 200)]
    [InlineData("GET", "/things/pump-1/shadow", 501)]
    [InlineData("GET", "/_emulator/health", 200)]
    [InlineData("GET", "/jobs", 404)]
    [InlineData("GET", "/things/pump-1", 404)]
    public async Task An_accounts_own_host_has_what_devices_ask_and_nothing_else(string method, string path, int status)
    {
        using var emulator = new Emulator();
        Assert.Equal(status, (await emulator.Send(method, path, method == "POST" ? "{}" : null, ("Host", "abc123-ats.iot.us-east-1.amazonaws.com"))).Status);
    }

    [Theory]
    [InlineData("111122223333", "eu-west-1", "arn:aws:iot:eu-west-1:111122223333:thing/pump-1")]
    [InlineData("AKIDEXAMPLE", "eu-west-1", "arn:aws:iot:eu-west-1:999999999999:thing/pump-1")]
    [InlineData("11112222333", "eu-west-1", "arn:aws:iot:eu-west-1:999999999999:thing/pump-1")]
    public async Task Account_and_region_come_from_the_credential(string accessKeyId, string region, string arn)
    {
        using var emulator = new Emulator(("account", "999999999999"));
        Assert.Equal(arn, (string?)(await emulator.Send("POST", "/things/pump-1", null, Emulator.Signed("iot", region, accessKeyId))).Json["thingArn"]);
    }

    [Fact]
    public async Task Who_does_not_sign_gets_the_account_and_region_of_the_settings()
    {
        using var emulator = new Emulator(("account", "999999999999"), ("region", "ap-south-1"));
        Assert.Equal("arn:aws:iot:ap-south-1:999999999999:thing/pump-1", (string?)(await emulator.Send("POST", "/things/pump-1")).Json["thingArn"]);
    }

    [Theory]
    [InlineData("/aws/things/pump-1")]
    [InlineData("/aws//things/pump-1/")]
    [InlineData("/things/pump-1")]
    [InlineData("/aws/_emulator/health")]
    [InlineData("/aws/iot-jobs-data//things/pump-1/jobs")]
    public async Task A_base_path_is_stripped(string path)
    {
        using var emulator = new Emulator(("base-path", "/aws/"));
        await emulator.CreateThing("pump-1");
        Assert.Equal(200, (await emulator.Send("GET", path)).Status);
    }
}
