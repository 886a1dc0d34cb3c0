using System.Net;
using System.Text;
using System.Text.Json;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>An endpoint's API, a call at a time: for what a workload prepares and looks at.</summary>
internal sealed class Api(IPEndPoint address) : IDisposable
{
    private readonly HttpConnection _connection = new(address) { DemandsSuccess = false, ReadsContentType = true };

    public IPEndPoint Address => address;

    public Answer Ask(byte[] request)
    {
        _connection.Ask(request);
        _connection.ReadAnswer();
        return new(_connection.Status, _connection.ContentType, _connection.Body.ToArray());
    }

    /// <summary>An answer that must be 200; an endpoint that cannot give it lacks the workload.</summary>
    public JsonElement Control(string method, string path, string? body = null) => Demand(method, path, Ask(AwsRequest.Control(method, path, body)));

    /// <inheritdoc cref="Control"/>
    public JsonElement Device(string method, string path, string? body = null) => Demand(method, path, Ask(AwsRequest.Device(method, path, body)));

    /// <summary>Everything becomes as at the start; other emulators have it under another name.</summary>
    public void Reset()
    {
        if (Ask(AwsRequest.Control("POST", "/_emulator/reset")).Status != 200)
            Control("POST", "/moto-api/reset");
    }

    /// <summary>The target's ARN as the registry's answers give it.</summary>
    public string CreateThing(string name) => Control("POST", $"/things/{name}", "{}").TryGetProperty("thingArn", out var arn) ? arn.GetString()! : name;

    public void CreateJob(string jobId, params string[] targets) => Control("PUT", $"/jobs/{jobId}", JobBody.For(targets));

    public void Dispose() => _connection.Dispose();

    private static JsonElement Demand(string method, string path, Answer answer) => answer.Status == 200
        ? JsonElement.Parse(answer.Body)
        : throw new LacksException($"{method} {path} answered {answer.Status} {answer.Text}");

    public sealed record Answer(int Status, string? ContentType, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);
    }
}

/// <summary>The bodies of CreateJob: a firmware update of usual size.</summary>
internal static class JobBody
{
    private const string Document = """{"operation":"update-firmware","version":"2.0.17","url":"https://firmware.example.com/pump/2.0.17.bin","size":1048576}""";

    public static string For(params string[] targets) => With("", targets);

    /// <param name="more">Further members, each with a comma behind it.</param>
    /// <param name="targets">ARNs.</param>
    public static string With(string more, params string[] targets) =>
        $$"""{{{more}}"targets":{{JsonSerializer.Serialize(targets)}},"document":{{JsonSerializer.Serialize(Document)}}}""";
}
