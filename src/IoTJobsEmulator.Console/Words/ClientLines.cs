using System.Globalization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>What clients are told so that they come here.</summary>
public static class ClientLines
{
    /// <summary>The emulator's address as the browser reached it, without the console's path.</summary>
    public static string EndpointOf(string consoleUri) => new Uri(new Uri(consoleUri), "../..").AbsoluteUri.TrimEnd('/');

    /// <param name="endpoint">The emulator's address over HTTP.</param>
    /// <param name="tenant">The account and region: the access key id states the account.</param>
    /// <param name="ports">The ports for devices.</param>
    public static IEnumerable<(string Client, string Line)> For(string endpoint, Tenant tenant, IReadOnlyList<OpenPort> ports)
    {
        var host = new Uri(endpoint).Host;
        yield return ("AWS CLI", $"AWS_ACCESS_KEY_ID={tenant.Account} AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION={tenant.Region} aws --endpoint-url {endpoint} iot list-jobs");
        yield return ("boto3", $"boto3.client(\"iot\", endpoint_url=\"{endpoint}\", region_name=\"{tenant.Region}\", aws_access_key_id=\"{tenant.Account}\", aws_secret_access_key=\"any\")");
        yield return ("AWS SDK for JavaScript v3", $"new IoTClient({{ endpoint: \"{endpoint}\", region: \"{tenant.Region}\", credentials: {{ accessKeyId: \"{tenant.Account}\", secretAccessKey: \"any\" }} }})");
        foreach (var port in ports.Where(port => port.Scheme is "mqtt"))
            yield return ("MQTT device", string.Create(CultureInfo.InvariantCulture, $"mosquitto_sub -h {host} -p {port.Port} -i pump-1 -u '?account={tenant.Account}&region={tenant.Region}' -t '$aws/things/pump-1/jobs/notify-next'"));
    }

    /// <summary>A first thing and a first job, with the AWS CLI.</summary>
    public static string FirstSteps(string endpoint, Tenant tenant) => $$"""
        export AWS_ACCESS_KEY_ID={{tenant.Account}} AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION={{tenant.Region}} AWS_ENDPOINT_URL={{endpoint}}
        aws iot create-thing --thing-name pump-1
        aws iot create-job --job-id update-firmware --document '{"operation":"update"}' \
          --targets {{Arn.OfThing(tenant, "pump-1")}}
        """;
}
