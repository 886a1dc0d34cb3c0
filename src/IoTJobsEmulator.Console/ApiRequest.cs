using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.WebConsole;

/// <summary>The APIs that the console calls, by the names with which requests are signed.</summary>
public static class ApiService
{
    public const string Iot = "iot", IotJobsData = "iot-jobs-data", IotData = "iotdata";
}

/// <summary>A request to the emulator's HTTP API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and the query, escaped.</param>
public sealed record ApiRequest(string Method, string Path)
{
    /// <summary>The account and region that it is for; null for the emulator's own API without an account.</summary>
    public Tenant? Tenant { get; init; }

    /// <summary>The API, one of <see cref="ApiService"/>.</summary>
    public string Service { get; init; } = ApiService.Iot;

    /// <summary>The body as text; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The header with which it is signed. Signatures are not checked: the scope states the account, the region and the API.</summary>
    public string? Authorization => Tenant is { } tenant
        ? $"AWS4-HMAC-SHA256 Credential={tenant.Account}/20260101/{tenant.Region}/{Service}/aws4_request, SignedHeaders=host, Signature=0"
        : null;

    public static ApiRequest Get(string path, Tenant? tenant = null) => new("GET", path) { Tenant = tenant };
}

/// <summary>What the emulator answered.</summary>
/// <param name="Status">The HTTP status; 0 when the connection ended without an answer.</param>
/// <param name="ErrorType">The name of the error; null for none.</param>
/// <param name="Body">The body as text.</param>
public sealed record ApiAnswer(int Status, string? ErrorType, string Body)
{
    /// <summary>The request was lost: a fault closed the connection.</summary>
    public static ApiAnswer Lost { get; } = new(0, null, "");

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body; null when it is no JSON.</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return Body.Length == 0 ? null : JsonNode.Parse(Body);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The text of an error.</summary>
    public string Message => Status == 0 ? "The connection was closed without an answer: a fault loses it." : (string?)(Json as JsonObject)?["message"] ?? Body;
}
