using System.Text.Json.Nodes;
using IoTJobsEmulator.Operations.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Faults;

/// <summary>The journal of requests: what waits for it, what it keeps, and what it never shows.</summary>
public sealed class RequestJournalTests
{
    [Fact]
    public async Task Who_waits_is_answered_when_as_many_requests_are_there_as_it_wants()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var waiting = emulator.Send("GET", "/_emulator/requests?operation=CreateThing&thing=pump-*&count=3&wait=30s");
        await emulator.CreateThing("valve-1");
        await emulator.CreateThing("pump-2");
        Assert.False(waiting.IsCompleted);
        await emulator.CreateThing("pump-3");
        Assert.Equal(["pump-1", "pump-2", "pump-3"], Requests(await waiting).Select(request => (string?)request["thing"]));
    }

    [Fact]
    public async Task Who_has_waited_long_enough_gets_what_there_is()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var waiting = emulator.Send("GET", "/_emulator/requests/count?operation=CreateThing&count=2&wait=30s");
        while (!emulator.Time.Waiting.Contains(TimeSpan.FromSeconds(30)))
            await Task.Yield();
        emulator.Time.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("""{"count":1}""", (await waiting).Body);
    }

    [Fact]
    public async Task A_hundred_callers_may_wait()
    {
        using var emulator = new Emulator();
        var waiting = Enumerable.Range(0, 100).Select(_ => emulator.Send("GET", "/_emulator/requests?wait=30s")).ToArray();
        while (emulator.Time.Waiting.Count(wait => wait == TimeSpan.FromSeconds(30)) < 100)
            await Task.Yield();
        Assert.Equal((400, "ThrottlingException"), ((await emulator.Send("GET", "/_emulator/requests?wait=30s")).Refusal is var (status, error, _) ? (status, error) : default));
        await emulator.CreateThing("pump-1");
        foreach (var answer in waiting)
            Assert.Single(Requests(await answer));
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/requests?wait=30s")).Status);
    }

    [Theory, InlineData("2", "pump-2 pump-3"), InlineData("0", "")]
    public async Task The_setting_says_how_many_are_kept(string size, string expected)
    {
        using var emulator = new Emulator(("journal-size", size));
        foreach (var thing in new[] { "pump-1", "pump-2", "pump-3" })
            await emulator.CreateThing(thing);
        Assert.Equal(expected, string.Join(' ', Requests(await emulator.Send("GET", "/_emulator/requests?wait=0")).Select(request => (string?)request["thing"])));
    }

    [Fact]
    public async Task Big_requests_leave_room_for_few()
    {
        using var emulator = new Emulator();
        var big = $$"""{"description": "{{new string('x', 1_000_000)}}"}""";
        for (var i = 0; i < 40; i++)
            await emulator.Send("PATCH", "/jobs/update-firmware", big);
        Assert.Equal("""{"count":31}""", (await emulator.Send("GET", "/_emulator/requests/count")).Body);
    }

    [Fact]
    public async Task A_long_answer_is_cut()
    {
        using var emulator = new Emulator();
        var body = $"{{\"attributePayload\": {{\"attributes\": {{\"note\": \"{new string('x', 800)}\"}}}}}}";
        for (var i = 0; i < 100; i++)
            await emulator.Send("POST", $"/things/pump-{i}", body);
        await emulator.Send("GET", "/things");
        var request = Requests(await emulator.Send("GET", "/_emulator/requests?operation=ListThings&include=output")).Single();
        Assert.True((bool?)request["isOutputCut"]);
        Assert.Equal(64 * 1024, ((string?)request["output"])!.Length);
        Assert.Null(Requests(await emulator.Send("GET", "/_emulator/requests?operation=ListThings")).Single()["output"]);
    }

    [Fact]
    public async Task Who_has_got_requests_may_look_at_their_answers_when_they_are_forgotten()
    {
        using var emulator = new Emulator(("journal-size", "1"));
        var body = $"{{\"attributePayload\": {{\"attributes\": {{\"note\": \"{new string('x', 800)}\"}}}}}}";
        for (var i = 0; i < 70; i++)
            await emulator.Send("POST", $"/things/pump-{i}", body);
        await emulator.Send("GET", "/things/pump-1");
        var request = Assert.Single(emulator.Services.GetRequiredService<RequestJournal>().All);
        for (var i = 0; i < 20; i++)
            await emulator.Send("GET", "/things");
        Assert.Equal("pump-1", (string?)RequestText.Output(request)!["thingName"]);
    }

    [Fact]
    public async Task Secrets_are_not_in_it()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var document = """{\"url\": \"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/bucket/key}\"}""";
        Assert.Equal(200, (await emulator.Send("PUT", "/jobs/update-firmware",
            $$"""{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{{document}}", "presignedUrlConfig": {"roleArn": "arn:aws:iam::123456789012:role/any-role"} }""")).Status);
        var answered = await emulator.Send("PUT", "/iot-jobs-data/things/pump-1/jobs/$next?X-Amz-Signature=0123456789abcdef", null, Emulator.Signed("iot-jobs-data"));
        Assert.Contains("X-Amz-Signature=", answered.Body, StringComparison.Ordinal);
        await emulator.Send("PUT", "/jobs/other", """
            {"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{}", "description": "https://a/b?X-Amz-Security-Token=secrettoken&X-Amz-Signature=0123456789abcdef"}
            """);

        var journal = (await emulator.Send("GET", "/_emulator/requests?include=output")).Body;

        Assert.Contains("X-Amz-Signature=(cut)", journal, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=(cut)", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("secrettoken", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("AWS4-HMAC-SHA256 ", journal, StringComparison.Ordinal);
        var signature = answered.Body[(answered.Body.IndexOf("X-Amz-Signature=", StringComparison.Ordinal) + "X-Amz-Signature=".Length)..][..64];
        Assert.DoesNotContain(signature, journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_cut_when_a_request_is_kept_and_what_it_does_not_show_is_not_kept()
    {
        using var emulator = new Emulator();
        var request = "?X-Amz-Credential=AKIDSECRET%2F20260101&X-Amz-Signature=0123456789abcdef&X-Amz-Security-Token=secrettoken";
        (string, string)[] hostile = [("User-Agent", $"agent https://a/b{request}"), Emulator.Signed("iot")];
        await emulator.Send("POST", "/things/pump-1", $$$"""{"attributePayload": {"attributes": {"url": "https://a/b{{{request}}}"} } }""", hostile);
        await emulator.Send("PUT", "/jobs/update-firmware", $$"""{"targets": ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], "document": "{\"url\": \"https://a/b{{request}}\"}"}""");
        await emulator.Send("POST", $"/things/pump-1/jobs/update-firmware{request}", $$$"""{"status": "https://a/b{{{request}}}", "statusDetails": {"https://a/b{{{request}}}": "1"} }""", Emulator.Signed("iot-jobs-data"));
        await emulator.Send("POST", "/tags", $$"""{"resourceArn": "arn:aws:iot:us-east-1:123456789012:job/update-firmware", "tags": [{"Key": "a", "Value": "https://a/b{{request}}"}]}""");
        await emulator.SendBytes("POST", "/topics/plant", [0xff, .. System.Text.Encoding.UTF8.GetBytes(request)], Emulator.Signed("iotdata"));
        await emulator.Send("GET", "/things/pump-1");

        var kept = emulator.Services.GetRequiredService<RequestJournal>().All;

        Assert.Equal(6, kept.Count);
        foreach (var secret in new[] { "0123456789abcdef", "secrettoken", "AKIDSECRET" })
            Assert.DoesNotContain(kept, one => Memory.Has(one, secret));
        Assert.DoesNotContain(kept, one => Memory.Has<Core.State.Realm>(one));
        var input = kept.Single(one => one.OperationName == "UpdateJobExecution");
        Assert.Equal(("pump-1", "update-firmware"), (input.ThingName, input.JobId));
        Assert.Equal("https://a/b?X-Amz-Credential=(cut)&X-Amz-Signature=(cut)&X-Amz-Security-Token=(cut)", (string?)input.Input!["status"]);
    }

    [Fact]
    public async Task A_signed_caller_sees_its_account_and_region_unless_it_names_others()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/things/pump-1", null, Emulator.Signed("iot", "us-east-1", "111111111111"));
        await emulator.Send("POST", "/things/pump-2", null, Emulator.Signed("iot", "eu-west-1", "111111111111"));
        await emulator.Send("POST", "/things/pump-3", null, Emulator.Signed("iot", "eu-west-1", "222222222222"));
        var caller = Emulator.Signed("iot", "eu-west-1", "222222222222");

        foreach (var (query, signed, expected) in new[]
        {
            ("", false, "pump-1 pump-2 pump-3"),
            ("", true, "pump-3"),
            ("?account=111111111111", true, "pump-1 pump-2"),
            ("?region=eu-west-1", true, "pump-2 pump-3"),
            ("?account=111111111111&region=us-east-1", true, "pump-1"),
        })
        {
            Assert.Equal(expected, string.Join(' ', Requests(await Ask("/_emulator/requests" + query)).Select(request => (string?)request["thing"])));
            Assert.Equal(expected.Split(' ').Length, (int?)(await Ask("/_emulator/requests/count" + query)).Json["count"]);

            Task<Answer> Ask(string path) => signed ? emulator.Send("GET", path, null, caller) : emulator.Send("GET", path);
        }
    }

    private static IEnumerable<JsonNode> Requests(Answer answer) => answer.Json["requests"]!.AsArray().Select(request => request!);
}
