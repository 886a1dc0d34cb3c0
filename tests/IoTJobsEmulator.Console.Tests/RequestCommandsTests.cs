using System.Text.Json.Nodes;
using IoTJobsEmulator.WebConsole.Words;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>Requests of the journal as commands.</summary>
public sealed class RequestCommandsTests
{
    private const string Endpoint = "http://localhost:8080";

    [Fact]
    public void A_request_with_a_body_is_sent_again_with_each_client() => Assert.Equal(
        [
            ("AWS CLI", """AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any aws --endpoint-url http://localhost:8080 --region us-east-1 iot-jobs-data update-job-execution --cli-input-json '{"thingName":"pump-1","jobId":"j","status":"FAILED","statusDetails":{"note":"it\u0027s off"}}'"""),
            ("curl", """curl -X POST 'http://localhost:8080/iot-jobs-data/things/pump-1/jobs/j' -H 'Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/iot-jobs-data/aws4_request, SignedHeaders=host, Signature=0' -d '{"status":"FAILED","statusDetails":{"note":"it\u0027s off"}}'"""),
            ("boto3", """boto3.client("iot-jobs-data", endpoint_url="http://localhost:8080", region_name="us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="any").update_job_execution(**json.loads("{\"thingName\":\"pump-1\",\"jobId\":\"j\",\"status\":\"FAILED\",\"statusDetails\":{\"note\":\"it\\u0027s off\"}}"))"""),
        ],
        Commands("UpdateJobExecution", "iot-jobs-data", "POST /iot-jobs-data/things/pump-1/jobs/j", """{"thingName":"pump-1","jobId":"j","status":"FAILED","statusDetails":{"note":"it's off"}}"""));

    [Theory]
    [InlineData("ListJobs", "GET /jobs", """{"status":"IN_PROGRESS","maxResults":5}""", "curl -X GET 'http://localhost:8080/jobs?status=IN_PROGRESS&maxResults=5' ")]
    [InlineData("DeleteJob", "DELETE /jobs/j", """{"jobId":"j","force":true}""", "curl -X DELETE 'http://localhost:8080/jobs/j?force=true' ")]
    [InlineData("CancelJob", "PUT /jobs/j/cancel", """{"jobId":"j","force":true,"comment":"late"}""", "curl -X PUT 'http://localhost:8080/jobs/j/cancel?force=true' ")]
    public void What_is_not_in_the_path_stands_in_the_query_or_in_the_body(string operation, string target, string input, string begin) =>
        Assert.StartsWith(begin, Commands(operation, "iot", target, input).Single(command => command.Client == "curl").Text, StringComparison.Ordinal);

    [Fact]
    public void A_message_is_published_again_with_its_payload_as_it_was() => Assert.Equal(
        [
            """AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any aws --endpoint-url http://localhost:8080 --region us-east-1 iot-data publish --topic 'a/b' --qos 1 --cli-binary-format raw-in-base64-out --payload '{"bar":2.1}'""",
            """curl -X POST 'http://localhost:8080/topics/a/b?qos=1' -H 'Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/iotdata/aws4_request, SignedHeaders=host, Signature=0' -d '{"bar":2.1}'""",
            """boto3.client("iot-data", endpoint_url="http://localhost:8080", region_name="us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="any").publish(topic="a/b", qos=1, payload="{\"bar\":2.1}")""",
        ],
        Commands("Publish", "iot-data", "POST /topics/a/b", """{"topic":"a/b","qos":1,"payload":{"bar":2.1}}""").Select(command => command.Text));

    [Fact]
    public void A_request_over_MQTT_has_no_command_of_curl() => Assert.Equal(
        ["AWS CLI", "boto3"], Commands("StartNextPendingJobExecution", "iot-jobs-data", "$aws/things/pump-1/jobs/start-next", """{"thingName":"pump-1"}""").Select(command => command.Client));

    [Fact]
    public void A_request_that_could_not_be_read_has_none() => Assert.Empty(new RequestCommands(
        new() { ["operation"] = "CreateJob", ["service"] = "iot", ["account"] = "123456789012", ["region"] = "us-east-1", ["target"] = "PUT /jobs/j" }, Endpoint).All());

    private static IEnumerable<(string Client, string Text)> Commands(string operation, string service, string target, string input) => new RequestCommands(
        new()
        {
            ["operation"] = operation,
            ["service"] = service,
            ["target"] = target,
            ["account"] = "123456789012",
            ["region"] = "us-east-1",
            ["input"] = JsonNode.Parse(input),
        },
        Endpoint).All();
}
