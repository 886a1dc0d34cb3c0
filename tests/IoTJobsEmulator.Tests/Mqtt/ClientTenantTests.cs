using IoTJobsEmulator.Mqtt;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The account and region that a client states.</summary>
public sealed class ClientTenantTests
{
    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("localhost", null, "pump", null, null)]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", null, null, null, "eu-west-1")]
    [InlineData("abc123-ats.iot.cn-north-1.amazonaws.com.cn", null, null, null, "cn-north-1")]
    [InlineData("abc123-ats.iot-fips.us-gov-west-1.amazonaws.com", null, null, null, "us-gov-west-1")]
    [InlineData("data.jobs.iot.eu-west-1.api.aws", null, null, null, "eu-west-1")]
    [InlineData("iot.example.com", null, null, null, null)]
    [InlineData("localhost", "AKIDEXAMPLE/20260101/eu-west-1/iotdevicegateway/aws4_request", null, null, "eu-west-1")]
    [InlineData("localhost", "111122223333/20260101/eu-west-1/iotdevicegateway/aws4_request", null, "111122223333", "eu-west-1")]
    [InlineData("localhost", "nonsense", null, null, null)]
    [InlineData(null, null, "?SDK=JSv2&region=eu-west-1", null, "eu-west-1")]
    [InlineData(null, null, "region=eu-west-1&account=111122223333", "111122223333", "eu-west-1")]
    [InlineData(null, null, "?account=me&region=", null, null)]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", null, "?SDK=JSv2&Platform=Unix", null, "eu-west-1")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", null, "?region=eu-west-2", null, "eu-west-2")]
    public void A_client_states_account_and_region(string? host, string? credential, string? userName, string? account, string? region) =>
        Assert.Equal(new ClientTenant(account, region), ClientTenant.FromConnection(host, credential).WithUserName(userName));
}
