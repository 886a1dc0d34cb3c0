using IoTJobsEmulator.Core.Operations.Endpoint;

namespace IoTJobsEmulator.Core.Tests.Operations.Endpoint;

public sealed class DescribeEndpointTests
{
    private readonly TestRealm _test = new();

    [Theory]
    [InlineData("iot:Shadow")]
    [InlineData("")]
    public void An_unknown_type_is_refused(string type) => _test.AssertRefused(
        ServiceError.InvalidRequest, $"Endpoint type {type} not recognized", () => DescribeEndpoint.Handle(_test, new("localhost", 8080), type));

    [Theory]
    [InlineData(null, "localhost")]
    [InlineData("iot:Data", "localhost")]
    [InlineData("iot:data-ats", "localhost")]
    [InlineData("iot:CredentialProvider", "localhost")]
    [InlineData("iot:Jobs", "localhost:8080")]
    public void The_answer_is_the_host_that_the_caller_reached(string? type, string address) =>
        Assert.Equal(new(address), DescribeEndpoint.Handle(_test, new("localhost", 8080), type));

    [Theory]
    [InlineData("iot:Data-ATS", "iot.test")]
    [InlineData("iot:Jobs", "iot.test:8080")]
    public void A_setting_names_another_host(string type, string address) =>
        Assert.Equal(new(address), DescribeEndpoint.Handle(_test, new("localhost", 8080, Override: "iot.test"), type));
}
