using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A request of the journal as somebody would send it again: with the AWS CLI, curl or boto3.</summary>
public static class RequestCommands
{
    /// <param name="request">The entry of the journal.</param>
    /// <param name="endpoint">The emulator's address.</param>
    public static IEnumerable<(string Client, string Text)> For(JsonObject request, string endpoint)
    {
        if ((string?)request["operation"] is not { } operation || (string?)request["service"] is not { } service || request["input"] is not JsonObject input)
            yield break;
        var (account, region) = ((string)request["account"]!, (string)request["region"]!);
        yield return ("AWS CLI", $"AWS_ACCESS_KEY_ID={account} AWS_SECRET_ACCESS_KEY=any aws --endpoint-url {endpoint} --region {region} {service} {Dashed(operation)} --cli-input-json {Quoted(input.ToJsonString())}");
        if ((string?)request["transport"] == "http")
            yield return ("curl", Curl(request, input, service, endpoint, account, region));
        yield return ("boto3", $"boto3.client({Python(service)}, endpoint_url={Python(endpoint)}, region_name={Python(region)}, aws_access_key_id={Python(account)}, aws_secret_access_key=\"any\").{Dashed(operation).Replace('-', '_')}(**json.loads({Python(input.ToJsonString())}))");
    }

    private static string Curl(JsonObject request, JsonObject input, string service, string endpoint, string account, string region)
    {
        var (method, path) = ((string)request["target"]!).Split(' ', 2) is [var verb, var target] ? (verb, target) : ("GET", "/");
        var signing = service == "iot-data" ? "iotdata" : service;
        var text = new StringBuilder("curl -X ").Append(method).Append(' ').Append(Quoted(endpoint + path));
        text.Append(CultureInfo.InvariantCulture, $" -H 'Authorization: AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{signing}/aws4_request, SignedHeaders=host, Signature=0'");
        if (method is not ("GET" or "DELETE") && input.Count > 0)
            text.Append(" -H 'Content-Type: application/json' -d ").Append(Quoted(input.ToJsonString()));
        return text.ToString();
    }

    /// <summary>CreateJob as the CLI has it: create-job.</summary>
    private static string Dashed(string operation)
    {
        var text = new StringBuilder();
        foreach (var letter in operation)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Python(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
