using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Testing;

namespace Samples;

/// <summary>A fleet in an account of its own, over plain HTTP. Your tests have your own code and the AWS SDK in its place.</summary>
public sealed class Fleet : IDisposable
{
    private readonly HttpClient _control;
    private readonly HttpClient _devices;

    public Fleet(EmulatorClient emulator)
    {
        Account = emulator.NewAccount();
        _control = emulator.CreateHttpClient(Account);
        _devices = emulator.CreateHttpClient(Account, "iot-jobs-data");
    }

    public EmulatorAccount Account { get; }

    public async Task CreateThing(string thingName) =>
        (await _control.PostAsync($"things/{thingName}", null)).EnsureSuccessStatusCode();

    public async Task CreateJob(string jobId, string thingName, int timeoutInMinutes = 60) =>
        (await _control.PutAsJsonAsync($"jobs/{jobId}", new
        {
            targets = new[] { Account.ThingArn(thingName) },
            document = """{"operation": "update"}""",
            timeoutConfig = new { inProgressTimeoutInMinutes = timeoutInMinutes },
        })).EnsureSuccessStatusCode();

    /// <summary>A device takes its next job, and answers its id.</summary>
    public async Task<string?> StartNext(string thingName)
    {
        var answer = await _devices.PutAsJsonAsync($"things/{thingName}/jobs/$next", new { });
        return (string?)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["execution"]?["jobId"];
    }

    /// <summary>A device reports a status.</summary>
    public async Task<HttpResponseMessage> Report(string thingName, string jobId, string status) =>
        await _devices.PostAsJsonAsync($"things/{thingName}/jobs/{jobId}", new { status });

    public async Task<string?> StatusOf(string jobId) =>
        (string?)(await _control.GetFromJsonAsync<JsonNode>($"jobs/{jobId}"))!["job"]!["status"];

    public async Task<string?> StatusOf(string jobId, string thingName) =>
        (string?)(await _control.GetFromJsonAsync<JsonNode>($"things/{thingName}/jobs/{jobId}"))!["execution"]!["status"];

    public void Dispose()
    {
        _control.Dispose();
        _devices.Dispose();
    }
}
