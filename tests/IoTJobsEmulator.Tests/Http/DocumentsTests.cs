using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Job documents that lie in S3, or in a folder that stands for it, and the URLs in documents for devices.</summary>
public sealed class DocumentsTests : IDisposable
{
    private const string Link = "https://s3.us-east-1.amazonaws.com/firmware/jobs/update.json";

    private const string WithUrl = """{"download":"${aws:iot:s3-presigned-url:https://s3.us-east-1.amazonaws.com/firmware/p200/1.2.bin}"}""";

    private const string Config = "\"presignedUrlConfig\":{\"roleArn\":\"arn:aws:iam::123456789012:role/download\",\"expiresInSec\":60}";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_document_is_read_when_the_job_is_created()
    {
        using var emulator = InFolder();
        Put("firmware/jobs/update.json", """{"version": 1}""");
        await CreateJobFrom(emulator, Link);
        Put("firmware/jobs/update.json", """{"version": 2}""");

        Assert.Equal("""{"version": 1}""", (string?)(await emulator.Send("GET", "/jobs/update-firmware/job-document")).Json["document"]);
        Assert.Equal("""{"version": 1}""", await DocumentForDevice(emulator));
        Assert.Equal(Link, (string?)(await emulator.Send("GET", "/jobs/update-firmware")).Json["documentSource"]);
    }

    [Fact]
    public async Task A_templates_link_is_read_when_a_job_is_made_from_it()
    {
        using var emulator = InFolder();
        await emulator.CreateThing("pump-1");
        await emulator.Send("PUT", "/job-templates/update", $$"""{"description":"Updates","documentSource":"{{Link}}"}""");
        Put("firmware/jobs/update.json", """{"version": 3}""");

        var job = """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"jobTemplateArn":"arn:aws:iot:us-east-1:123456789012:jobtemplate/update"}""";
        Assert.Equal(200, (await emulator.Send("PUT", "/jobs/update-firmware", job)).Status);
        Assert.Equal("""{"version": 3}""", await DocumentForDevice(emulator));
    }

    [Theory]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/jobs/none.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/../secret.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/%2e%2e/secret.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/jobs/..%2F..%2Fsecret.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/../secret.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware//secret.json", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/jobs", "cannot be found.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/jobs/text", "is not valid JSON.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/jobs/large.json", "is larger than 32768 bytes.")]
    public async Task What_is_no_document_is_refused(string link, string because)
    {
        using var emulator = InFolder();
        Put("secret.json", "{}");
        Put("firmware/jobs/text", "install it");
        Put("firmware/jobs/large.json", $"\"{new string('x', 32767)}\"");
        await emulator.CreateThing("pump-1");

        Assert.Equal((400, "InvalidRequestException", $"Job document at {link} {because}"), (await Create(emulator, Source(link))).Refusal);
        Assert.Equal(404, (await emulator.Send("GET", "/jobs/update-firmware")).Status);
    }

    [Fact]
    public async Task A_link_that_nobody_reads_is_kept_and_the_document_is_empty()
    {
        using var emulator = new Emulator();
        await CreateJobFrom(emulator, Link);

        Assert.Equal("{}", await DocumentForDevice(emulator));
        Assert.Equal(Link, (string?)(await emulator.Send("GET", "/jobs/update-firmware")).Json["documentSource"]);
    }

    [Fact]
    public async Task Without_a_place_for_objects_a_URL_has_the_form_of_AWS()
    {
        using var emulator = new Emulator();
        await CreateJobWith(emulator, WithUrl);
        var url = await UrlForDevice(emulator);

        Assert.Equal("https://firmware.s3.us-east-1.amazonaws.com/p200/1.2.bin", url.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"],
            url.Query[1..].Split('&').Select(parameter => parameter.Split('=')[0]));
        Assert.Contains("&X-Amz-Expires=60&", url.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_presigned_URL_leads_to_the_folder_until_its_time_is_up()
    {
        using var emulator = InFolder();
        Put("firmware/p200/1.2.bin", "0123456789");
        await CreateJobWith(emulator, WithUrl);
        var url = await UrlForDevice(emulator);

        Assert.StartsWith("http://localhost:8080/_emulator/documents/firmware/p200/1.2.bin?", url.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal((200, "0123456789"), await Fetch(emulator, url.PathAndQuery));
        Assert.Equal((206, "234"), await Fetch(emulator, url.PathAndQuery, ("Range", "bytes=2-4")));
        await emulator.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((200, "0123456789"), await Fetch(emulator, url.PathAndQuery));
        await emulator.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(403, (await Fetch(emulator, url.PathAndQuery)).Status);

        var again = await UrlForDevice(emulator);
        Assert.Equal((200, "0123456789"), await Fetch(emulator, again.PathAndQuery));
        Assert.Equal(WithUrl, (string?)(await emulator.Send("GET", "/jobs/update-firmware/job-document")).Json["document"]);
    }

    [Fact]
    public async Task Devices_on_MQTT_get_URLs_that_work_with_every_document()
    {
        const string Jobs = "$aws/things/pump-1/jobs/";
        using var emulator = InFolder();
        Put("firmware/p200/1.2.bin", "0123456789");
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(Jobs + "notify-next");
        await CreateJobWith(emulator, WithUrl);
        await ExpectUrl(Jobs + "notify-next");

        foreach (var request in (string[])["$next/get", "start-next", "update-firmware/get", """update-firmware/update {"status": "IN_PROGRESS", "includeJobDocument": true}"""])
        {
            await device.Publish(Jobs + request);
            await ExpectUrl($"{Jobs}{request.Split(' ')[0]}/accepted");
        }

        async Task ExpectUrl(string topic)
        {
            var (told, payload) = Assert.Single(await device.Heard());
            Assert.Equal(topic, told);
            var json = JsonNode.Parse(payload)!;
            var url = new Uri((string)(json["execution"] ?? json)["jobDocument"]!["download"]!);
            Assert.Equal((200, "0123456789"), await Fetch(emulator, url.PathAndQuery));
            await emulator.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal(403, (await Fetch(emulator, url.PathAndQuery)).Status); // so the next one is another one
        }
    }

    [Fact]
    public async Task A_presigned_URL_is_good_for_one_object_and_one_method_only()
    {
        using var emulator = InFolder();
        Put("firmware/p200/1.2.bin", "0123456789");
        Put("firmware/p200/1.3.bin", "abc");
        await CreateJobWith(emulator, WithUrl);
        var signed = (await UrlForDevice(emulator)).PathAndQuery;

        Assert.Equal(403, (await Fetch(emulator, signed.Replace("1.2.bin", "1.3.bin", StringComparison.Ordinal))).Status);
        Assert.Equal(403, (await Fetch(emulator, signed.Replace("expires=1", "expires=2", StringComparison.Ordinal))).Status);
        Assert.Equal(403, (await Fetch(emulator, "/_emulator/documents/firmware/p200/1.2.bin")).Status);
        Assert.Equal(403, (await emulator.Send("PUT", signed, "{}")).Status);
        File.Delete(Path.Combine(_folder["objects"], "firmware", "p200", "1.2.bin"));
        Assert.Equal(404, (await Fetch(emulator, signed)).Status);
    }

    [Fact]
    public async Task A_device_uploads_with_a_presigned_URL()
    {
        using var emulator = InFolder();
        await CreateJobWith(emulator, """{"upload":"${aws:iot:s3-presigned-url-upload:https://s3.us-east-1.amazonaws.com/logs/${thingName}/${jobId}.txt}"}""");
        var url = await UrlForDevice(emulator);

        Assert.Equal(200, (await emulator.Send("PUT", url.PathAndQuery, "all went well")).Status);
        Assert.Equal("all went well", await File.ReadAllTextAsync(Path.Combine(_folder["objects"], "logs", "pump-1", "update-firmware.txt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refusals_have_the_form_of_S3()
    {
        using var emulator = InFolder();
        Put("logs/pump-1/today.txt", "all went well");
        var large = (FolderDocuments.MaxObjectBytes + 1).ToString(CultureInfo.InvariantCulture);

        await Refused(404, "NoSuchKey", "GET", "pump-1/none.txt");
        await Refused(404, "NoSuchKey", "GET", "pump-1");
        await Refused(400, "InvalidRequest", "PUT", "pump-1");
        await Refused(400, "InvalidRequest", "PUT", "pump-1/today.txt/below");
        await Refused(400, "KeyTooLongError", "PUT", new string('x', 300));
        await Refused(400, "EntityTooLarge", "PUT", "large.bin", ("Content-Length", large));
        await Refused(404, "NoSuchKey", "PUT", "a\\b");
        Assert.Equal(200, (await emulator.Send("PUT", Url("PUT", "pump-1/today.txt"), "changed")).Status);
        Assert.Equal((200, "changed"), await Fetch(emulator, Url("GET", "pump-1/today.txt")));

        async Task Refused(int status, string code, string method, string key, params (string Name, string Value)[] headers)
        {
            var answer = await emulator.Send(method, Url(method, key), method == "PUT" ? "text" : null, headers);
            Assert.Equal((status, "application/xml"), (answer.Status, answer.Headers["Content-Type"]));
            Assert.Equal(code, (string?)System.Xml.Linq.XDocument.Parse(answer.Body).Root!.Element("Code"));
        }

        string Url(string method, string key) => new Uri(emulator.Services.GetRequiredService<FolderDocuments>().Signer("http://localhost:8080")
            .Sign(method, new("logs", key), TimeSpan.FromHours(1), Moment.Of(emulator.Time.Now))).PathAndQuery;
    }

    [Fact]
    public async Task URLs_begin_as_the_settings_say()
    {
        using var emulator = InFolder(("public-url", "https://emulator.example/aws/"));
        await CreateJobWith(emulator, WithUrl);

        Assert.StartsWith("https://emulator.example/aws/_emulator/documents/", (await UrlForDevice(emulator)).AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_are_read_from_an_S3_endpoint_and_URLs_lead_there()
    {
        await using var s3 = new SomeS3();
        s3.Objects["/firmware/jobs/update.json"] = WithUrl;
        using var emulator = new Emulator(("s3-endpoint", s3.Url), ("s3-access-key", "AKIDLOCAL"), ("s3-secret-key", "secret"));
        await emulator.CreateThing("pump-1");

        var none = "https://s3.us-east-1.amazonaws.com/firmware/none.json";
        Assert.Equal((400, "InvalidRequestException", $"Job document at {none} cannot be found."), (await Create(emulator, Source(none))).Refusal);
        Assert.Equal(200, (await Create(emulator, $"{Source(Link)},{Config}")).Status);
        Assert.Contains("Credential=AKIDLOCAL/", s3.LastAuthorization, StringComparison.Ordinal);
        var url = await UrlForDevice(emulator);
        Assert.StartsWith($"{s3.Url}/firmware/p200/1.2.bin?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDLOCAL%2F", url.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("&X-Amz-Expires=60&", url.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_on_MQTT_get_URLs_with_the_time_at_which_S3_checks_them()
    {
        const string Jobs = "$aws/things/pump-1/jobs/";
        using var emulator = new Emulator(("s3-endpoint", "http://localhost:9000"));
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(Jobs + "notify-next");
        await CreateJobWith(emulator, WithUrl);
        Assert.Equal(Stamp(), await Signed());

        emulator.Time.Pass(TimeSpan.FromSeconds(10));
        await device.Publish(Jobs + "$next/get");
        Assert.Equal(Stamp(), await Signed());

        string Stamp() => emulator.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

        async Task<string> Signed()
        {
            var (_, payload) = Assert.Single(await device.Heard());
            var url = (string)JsonNode.Parse(payload)!["execution"]!["jobDocument"]!["download"]!;
            return url.Split("&X-Amz-Date=")[1].Split('&')[0];
        }
    }

    [Fact]
    public async Task An_S3_endpoint_that_does_not_answer_is_named_as_the_cause()
    {
        string address;
        await using (var s3 = new SomeS3())
            address = s3.Url;
        using var emulator = new Emulator(("s3-endpoint", address));
        await emulator.CreateThing("pump-1");

        var answer = await Create(emulator, Source(Link));
        Assert.Equal((400, "InvalidRequestException"), (answer.Status, answer.ErrorType));
        Assert.StartsWith($"Job document at {Link} cannot be read: ", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://Firmware/update.json", "Firmware is not a valid bucket name.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/127.0.0.1/update.json", "127.0.0.1 is not a valid bucket name.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/../update.json", ".. is not a valid bucket name.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/a%3Fb/update.json", "a?b is not a valid bucket name.")]
    [InlineData("https://s3.us-east-1.amazonaws.com/firmware/../other/update.json", "a part of its key is . or .., which cannot be asked for over HTTP.")]
    public async Task An_S3_endpoint_is_asked_for_buckets_only(string link, string cause)
    {
        await using var s3 = new SomeS3();
        using var emulator = new Emulator(("s3-endpoint", s3.Url));
        await emulator.CreateThing("pump-1");

        Assert.Equal((400, "InvalidRequestException", $"Job document at {link} cannot be read: {cause}"), (await Create(emulator, Source(link))).Refusal);
        Assert.Equal("", s3.LastAuthorization);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    public async Task An_S3_endpoint_that_takes_too_long_is_given_up_and_keeps_nobody_waiting(string? beginning)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var s3 = new SomeS3();
        s3.Instead = async response =>
        {
            if (beginning is not null)
            {
                response.ContentLength64 = 100;
                await response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(beginning));
                await response.OutputStream.FlushAsync();
            }
            asked.SetResult();
        };
        using var emulator = new Emulator(("s3-endpoint", s3.Url));
        await emulator.CreateThing("pump-1");

        var creating = Create(emulator, Source(Link));
        await asked.Task;
        Assert.Equal(200, (await emulator.Send("GET", "/things/pump-1")).Status);
        Assert.False(creating.IsCompleted);
        emulator.Time.Pass(S3Documents.CallTimeout);

        Assert.Equal((400, "InvalidRequestException", $"Job document at {Link} cannot be read: {s3.Url}/ has not answered within 5 seconds."), (await creating).Refusal);
    }

    [Fact]
    public async Task Of_a_huge_answer_of_an_S3_endpoint_only_the_beginning_is_read()
    {
        await using var s3 = new SomeS3();
        s3.Instead = async response =>
        {
            response.SendChunked = true;
            var zeros = new byte[1 << 16];
            while (true)
                await response.OutputStream.WriteAsync(zeros);
        };
        using var emulator = new Emulator(("s3-endpoint", s3.Url));
        await emulator.CreateThing("pump-1");

        Assert.Equal((400, "InvalidRequestException", $"Job document at {Link} is larger than 32768 bytes."), (await Create(emulator, Source(Link))).Refusal);
    }

    private Emulator InFolder(params (string Name, string Value)[] settings) =>
        new([("documents", Directory.CreateDirectory(_folder["objects"]).FullName), .. settings]);

    private void Put(string path, string content)
    {
        var file = Path.Combine(_folder["objects"], path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private static string Source(string link) => $"\"documentSource\":\"{link}\"";

    private static Task<Answer> Create(Emulator emulator, string members) => emulator.Send(
        "PUT", "/jobs/update-firmware", $$"""{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],{{members}}}""");

    private static async Task CreateJobFrom(Emulator emulator, string link)
    {
        await emulator.CreateThing("pump-1");
        Assert.Equal(200, (await Create(emulator, Source(link))).Status);
    }

    private static async Task CreateJobWith(Emulator emulator, string document)
    {
        await emulator.CreateThing("pump-1");
        Assert.Equal(200, (await Create(emulator, $"\"document\":{JsonValue.Create(document).ToJsonString()},{Config}")).Status);
    }

    private static async Task<string> DocumentForDevice(Emulator emulator) =>
        (string)(await emulator.Send("GET", "/iot-jobs-data/things/pump-1/jobs/update-firmware?includeJobDocument=true")).Json["execution"]!["jobDocument"]!;

    private static async Task<Uri> UrlForDevice(Emulator emulator) =>
        new((string)JsonNode.Parse(await DocumentForDevice(emulator))!.AsObject().Single().Value!);

    private static async Task<(int Status, string Body)> Fetch(Emulator emulator, string pathAndQuery, params (string Name, string Value)[] headers)
    {
        var answer = await emulator.Send("GET", pathAndQuery, null, headers);
        return (answer.Status, answer.Body);
    }

    /// <summary>As much of an S3 as one object takes.</summary>
    private sealed class SomeS3 : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _answering;

        public SomeS3()
        {
            Url = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _answering = Answer();
        }

        public string Url { get; }

        public Dictionary<string, string> Objects { get; } = [];

        public string LastAuthorization { get; private set; } = "";

        /// <summary>What is answered instead, which is not ended.</summary>
        public Func<HttpListenerResponse, Task>? Instead { get; set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _answering;
        }

        private async Task Answer()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    LastAuthorization = context.Request.Headers["Authorization"] ?? "";
                    if (Instead is { } instead)
                    {
                        await instead(context.Response);
                        continue;
                    }
                    var isThere = Objects.TryGetValue(context.Request.Url!.AbsolutePath, out var found);
                    var content = System.Text.Encoding.UTF8.GetBytes(found ?? "<Error><Code>NoSuchKey</Code><Message>None.</Message></Error>");
                    context.Response.StatusCode = isThere ? 200 : 404;
                    context.Response.ContentLength64 = content.Length;
                    await context.Response.OutputStream.WriteAsync(content);
                    context.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or IOException)
            {
                // the end
            }
        }

        private static int FreePort()
        {
            using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
