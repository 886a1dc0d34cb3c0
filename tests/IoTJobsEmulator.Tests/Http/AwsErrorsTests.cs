using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http;
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
    [InlineData(Plane.Control, 400)]
    [InlineData(Plane.Data, 429)]
    internal async Task Throttling_has_a_status_of_its_own_on_each_plane(Plane plane, int status) =>
        Assert.Equal((status, "ThrottlingException", """{"message":"Rate exceeded"}"""), await Failing(ServiceError.Throttling.Because("Rate exceeded"), plane));

    [Fact]
    public async Task The_data_plane_has_no_error_of_its_own_for_a_wrong_version()
    {
        var conflict = ServiceError.VersionConflict.Because("Expected version 2 but found version 1");
        Assert.Equal("VersionConflictException", (await Failing(conflict, Plane.Control)).ErrorType);
        Assert.Equal("InvalidStateTransitionException", (await Failing(conflict, Plane.Data)).ErrorType);
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

    private static async Task<(int Status, string? ErrorType, string Body)> Failing(Exception fault, Plane plane = Plane.Control)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.Features.Set(new Caller { Plane = plane, Account = "123456789012", Region = "us-east-1", IsSigned = true });
        await new AwsErrors(_ => throw fault, NullLogger<AwsErrors>.Instance).InvokeAsync(context);
        return (context.Response.StatusCode, context.Response.Headers["x-amzn-ErrorType"], System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
