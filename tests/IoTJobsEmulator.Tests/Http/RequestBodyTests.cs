using System.Text;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>Which bodies of requests can be read, and how the others are refused.</summary>
public sealed class RequestBodyTests
{
    private const string Thing = """{"attributePayload":{"attributes":{"model":"p200"}}}""";

    [Theory]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/x-amz-json-1.1")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_body_is_read_whatever_its_content_type_says(string contentType)
    {
        using var emulator = new Emulator();
        Assert.Equal(200, (await emulator.Send("POST", "/things/pump-1", Thing, ("Content-Type", contentType))).Status);
        Assert.Equal("p200", (string?)(await emulator.Send("GET", "/things/pump-1")).Json["attributes"]!["model"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("{}")]
    [InlineData("{\"somethingNew\":{\"deep\":[1,null]}}")]
    public async Task No_body_is_an_empty_one_and_unknown_members_are_passed_over(string? body)
    {
        using var emulator = new Emulator();
        Assert.Equal(200, (await emulator.Send("POST", "/things/pump-1", body)).Status);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        using var emulator = new Emulator();
        Assert.Equal(200, (await emulator.SendBytes("POST", "/things/pump-1", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Thing)])).Status);
    }

    [Fact]
    public async Task Characters_come_back_as_they_went_in_escaped_or_not()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var created = await emulator.Send("PUT", "/jobs/update-firmware",
            """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"document":"{\"note\":\"\u00e9<&>'\"}","description":"Pumpe für Zürich 💧 + 1"}""");
        Assert.Equal("Pumpe für Zürich 💧 + 1", (string?)created.Json["description"]);
        Assert.Contains("Pumpe für Zürich ", created.Body, StringComparison.Ordinal);
        Assert.Equal("""{"document":"{\"note\":\"é<&>'\"}"}""", (await emulator.Send("GET", "/jobs/update-firmware/job-document")).Body);
    }

    [Theory]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{'model':1}")]
    [InlineData("{\"attributePayload\":{},}")]
    [InlineData("// none\n{}")]
    [InlineData("\"text\"")]
    [InlineData("12")]
    [InlineData("nul")]
    public async Task A_body_that_is_no_JSON_object_is_refused_in_the_services_form(string body)
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("POST", "/things/pump-1", body);
        Assert.Equal((400, "InvalidRequestException"), (answer.Status, answer.ErrorType));
        Assert.StartsWith("Request body ", answer.Message, StringComparison.Ordinal);
        Assert.Equal(404, (await emulator.Send("GET", "/things/pump-1")).Status);
    }

    [Fact]
    public async Task A_body_nested_without_end_is_refused()
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("POST", "/things/pump-1", string.Concat(Enumerable.Repeat("{\"a\":", 5000)));
        Assert.Equal((400, "InvalidRequestException"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_refused()
    {
        using var emulator = new Emulator();
        var answer = await emulator.SendBytes("POST", "/things/pump-1", [.. "{\"thingTypeName\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        Assert.Equal((400, "InvalidRequestException", "Request body is not valid UTF-8"), answer.Refusal);
    }

    [Fact]
    public async Task Half_a_character_is_refused()
    {
        using var emulator = new Emulator();
        Assert.Equal(
            (400, "InvalidRequestException", "1 validation error detected: Value '\\ud800' at 'thingTypeName' failed to satisfy constraint: Member must be valid Unicode text"),
            (await emulator.Send("POST", "/things/pump-1", """{"thingTypeName":"\ud800"}""")).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_longer_than_any_request_can_be_is_refused(bool saysHowLong)
    {
        using var emulator = new Emulator();
        var body = $$"""{"thingTypeName":"{{new string('p', 1 << 20)}}"}""";
        var answer = saysHowLong
            ? await emulator.Send("POST", "/things/pump-1", body)
            : await emulator.Send("POST", "/things/pump-1", body, ("Content-Length", ""), ("Transfer-Encoding", "chunked"));
        Assert.Equal((413, "RequestEntityTooLargeException", "Request body is longer than 1048576 bytes"), answer.Refusal);
    }

    [Fact]
    public async Task A_long_document_is_no_long_body()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var document = $$"""{\"note\":\"{{new string('p', 32_000)}}\"}""";
        Assert.Equal(200, (await emulator.Send("PUT", "/jobs/update-firmware",
            $$"""{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"document":"{{document}}"}""")).Status);
    }

    [Fact]
    public async Task A_long_value_that_does_not_fit_is_not_repeated_whole()
    {
        using var emulator = new Emulator();
        var answer = await emulator.Send("POST", "/things/pump-1", $$"""{"attributePayload":"{{new string('p', 5000)}}"}""");
        Assert.Equal(400, answer.Status);
        Assert.InRange(answer.Message!.Length, 200, 400);
    }
}
