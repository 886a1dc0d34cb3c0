using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Http.Errors;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>The answers to what is no request, or none that Kestrel reads to its end.</summary>
public sealed class KestrelErrorsTests
{
    public static TheoryData<int, string, string> Requests => new()
    {
        { 400, "InvalidRequestException", "no request at all\r\n\r\n" },
        { 400, "InvalidRequestException", "GET /things HTTP/1.1\r\n\r\n" },
        { 400, "InvalidRequestException", "GET /thing\u00FFs HTTP/1.1\r\nHost: localhost\r\n\r\n" },
        { 400, "InvalidRequestException", "GET /things HTTP/1.1\r\nHost: localhost\r\nX: \u00FF\r\n\r\n" },
        { 400, "InvalidRequestException", "GET /things HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" },
        { 400, "InvalidRequestException", "POST /things/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n" },
        { 400, "InvalidRequestException", "POST /things/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n" },
        { 400, "InvalidRequestException", "POST /things/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n" },
        { 400, "InvalidRequestException", "POST /things/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n" },
        { 405, "MethodNotAllowedException", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n" },
        { 405, "MethodNotAllowedException", "Head /things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { 413, "RequestEntityTooLargeException", "POST /things/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n" },
        { 414, "InvalidRequestException", $"GET /{new string('a', 9000)} HTTP/1.1\r\n" },
        { 431, "InvalidRequestException", $"GET /things HTTP/1.1\r\nX: {new string('a', 33000)}\r\n\r\n" },
        { 505, "InvalidRequestException", "GET /things HTTP/3.0\r\nHost: localhost\r\n\r\n" },
    };

    [Fact]
    public async Task What_cannot_be_read_is_refused_in_the_services_form()
    {
        using var emulator = await EmulatorProcess.Start("--log-level", "error");
        foreach (var (status, errorType, request) in Requests.Select(row => row.Data))
        {
            using var connection = await emulator.Connect();
            var stream = connection.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream);
            var answer = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer[0], StringComparison.Ordinal);
            Assert.Contains($"x-amzn-ErrorType: {errorType}\r\n", answer[0] + "\r\n", StringComparison.Ordinal);
            Assert.Contains("\r\nx-amzn-RequestId: ", answer[0], StringComparison.Ordinal);
            Assert.Contains($"Content-Length: {answer[1].Length}\r\n", answer[0] + "\r\n", StringComparison.Ordinal);
            Assert.NotEmpty((string?)JsonNode.Parse(answer[1])!["message"] ?? "");
        }
        await emulator.Terminate();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nx-amzn-RequestId: a\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 400")]
    [InlineData("")]
    public void Other_answers_are_left_as_they_are(string answer) => Assert.Null(KestrelErrors.WithBody(Encoding.ASCII.GetBytes(answer)));
}
