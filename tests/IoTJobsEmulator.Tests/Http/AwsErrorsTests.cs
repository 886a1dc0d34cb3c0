using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http.Errors;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Http;

/// <summary>How refusals and faults look on the wire.</summary>
public sealed class AwsErrorsTests
{
    [Theory]
    [InlineData("GET", "/things")]
    [InlineData("GET", "/things/pump-1")]
    [InlineData("GET", "/jobs?maxResults=0")]
    [InlineData("GET", "/nothing")]
    [InlineData("PATCH", "/jobs")]
    [InlineData("GET", "/_emulator/health")]
    public async Task Every_answer_has_a_request_id_of_its_own_and_is_JSON(string method, string path)
    {
        using var emulator = new Emulator();
        var (first, second) = (await emulator.Send(method, path), await emulator.Send(method, path));
        Assert.True(Guid.TryParse(first.Headers["x-amzn-RequestId"], out var id));
        Assert.NotEqual(id, Guid.Parse(second.Headers["x-amzn-RequestId"]));
        Assert.Equal("application/json", first.Headers["Content-Type"]);
        Assert.Equal(first.Status < 400, first.ErrorType is null);
        Assert.Equal(first.Status < 400, first.Json["message"] is null);
    }

    [Theory]
    [InlineData(Api.Iot, 400)]
    [InlineData(Api.IotJobsData, 429)]
    internal async Task Throttling_has_a_status_of_its_own_in_each_API(Api api, int status) =>
        Assert.Equal((status, "ThrottlingException", """{"message":"Rate exceeded"}"""), await Failing(ServiceError.Throttling.Because("Rate exceeded"), api));

    [Theory]
    [InlineData("Publish", 400, "InvalidRequestException")]
    [InlineData("Publish", 401, "UnauthorizedException")]
    [InlineData("Publish", 405, "MethodNotAllowedException")]
    [InlineData("Publish", 429, "ThrottlingException")]
    [InlineData("Publish", 500, "InternalFailureException")]
    [InlineData("GetRetainedMessage", 404, "ResourceNotFoundException")]
    [InlineData("GetRetainedMessage", 429, "ThrottlingException")]
    [InlineData("GetRetainedMessage", 503, "ServiceUnavailableException")]
    [InlineData("ListRetainedMessages", 429, "ThrottlingException")]
    [InlineData("ListRetainedMessages", 503, "ServiceUnavailableException")]
    public async Task Iot_data_answers_its_errors_by_their_names_and_statuses_whatever_the_request_is_signed_for(string name, int status, string errorType)
    {
        using var emulator = new Emulator();
        var endpoint = emulator.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<Operation>() is { Api: Api.IotData } operation && operation.Name == name);
        var error = endpoint.Metadata.GetMetadata<Operation>()!.Errors.Single(error => error.Name == errorType);
        foreach (var signedFor in Enum.GetValues<Api>())
            Assert.Equal((status, errorType, """{"message":"Refused"}"""), await Failing(error.Because("Refused"), signedFor, endpoint));
    }

    [Theory]
    [InlineData("iotdata")]
    [InlineData("iot")]
    public async Task A_topic_without_a_retained_message_is_not_found_whatever_the_request_is_signed_for(string service)
    {
        using var emulator = new Emulator();
        Assert.Equal(
            (404, "ResourceNotFoundException", "No retained message exists for topic plant/1."),
            (await emulator.Send("GET", "/retainedMessage/plant/1", null, Emulator.Signed(service))).Refusal);
    }

    [Fact]
    public async Task Iot_jobs_data_has_no_error_of_its_own_for_a_wrong_version()
    {
        var conflict = ServiceError.VersionConflict.Because("Expected version 2 but found version 1");
        Assert.Equal("VersionConflictException", (await Failing(conflict, Api.Iot)).ErrorType);
        Assert.Equal("InvalidStateTransitionException", (await Failing(conflict, Api.IotJobsData)).ErrorType);
    }

    [Fact]
    public async Task An_error_brings_its_members_along() => Assert.Equal(
        (409, "ResourceAlreadyExistsException", """{"message":"Job update-firmware already exists.","resourceId":"update-firmware"}"""),
        await Failing(new ServiceException(ServiceError.ResourceAlreadyExists, "Job update-firmware already exists.") { Members = new ValueMap([new("resourceId", "update-firmware")]) }));

    [Fact]
    public async Task A_fault_inside_says_nothing_of_the_code()
    {
        var (status, type, body) = await Failing(new InvalidOperationException("Sequence contains no elements"));
        Assert.Equal((500, "InternalFailureException"), (status, type));
        Assert.DoesNotContain("Sequence", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_breaks_off_is_refused_in_the_services_form() =>
        Assert.Equal((400, "InvalidRequestException"), await Failing(new BadHttpRequestException("Unexpected end of request content.")) is var (status, type, _) ? (status, type) : default);

    [Fact]
    public void An_operation_that_answers_what_it_does_not_declare_is_found_out()
    {
        using var emulator = new Emulator();
        var operations = emulator.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<Operation>()).OfType<Operation>().ToList();
        var createThing = operations.Single(operation => operation.Name == "CreateThing");
        var update = operations.Single(operation => operation.Name == "UpdateJobExecution");

        Assert.True(createThing.Declares(ServiceError.ResourceAlreadyExists));
        Assert.False(createThing.Declares(ServiceError.TerminalState));
        Assert.True(createThing.Declares(ServiceError.ServiceUnavailable));
        Assert.True(update.Declares(ServiceError.VersionConflict)); // which is InvalidStateTransition there
        Assert.False(update.Declares(ServiceError.LimitExceeded));
    }

    private static async Task<(int Status, string? ErrorType, string Body)> Failing(Exception fault, Api api = Api.Iot, Endpoint? endpoint = null)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.Features.Set(new AwsRequestContext { Api = api, Account = "123456789012", Region = "us-east-1", StatesRegion = true });
        context.SetEndpoint(endpoint);
        await new AwsErrors(_ => throw fault, NullLogger<AwsErrors>.Instance).InvokeAsync(context);
        return (context.Response.StatusCode, context.Response.Headers["x-amzn-ErrorType"], System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
