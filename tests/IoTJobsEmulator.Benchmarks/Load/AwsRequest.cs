using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>Prepared bytes of a request, signed in form as every SDK does, so that any endpoint knows the service that is meant.</summary>
internal static class AwsRequest
{
    public static byte[] Control(string method, string path, string? body = null) => Of(method, path, body, "iot");

    public static byte[] Device(string method, string path, string? body = null) => Of(method, path, body, "iot-jobs-data");

    private static byte[] Of(string method, string path, string? body, string service) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
        + $"Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host;x-amz-date, "
        + $"Signature={new string('0', 64)}\r\n{(body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n")}\r\n{body}"));
}
