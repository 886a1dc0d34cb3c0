using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Tests.Operations;

/// <summary>What the host names of AWS IoT's endpoints state. The forms are those of the SDKs' endpoint rules and of AWS's documentation.</summary>
public sealed class EndpointHostTests
{
    [Theory]
    [InlineData("iot.eu-west-1.amazonaws.com", EndpointKind.Iot, "eu-west-1")]
    [InlineData("iot.eu-west-1.api.aws", EndpointKind.Iot, "eu-west-1")]
    [InlineData("iot-fips.us-gov-west-1.amazonaws.com", EndpointKind.Iot, "us-gov-west-1")]
    [InlineData("iot-fips.ca-central-1.api.aws", EndpointKind.Iot, "ca-central-1")]
    [InlineData("iot.cn-north-1.amazonaws.com.cn", EndpointKind.Iot, "cn-north-1")]
    [InlineData("iot.cn-north-1.api.amazonwebservices.com.cn", EndpointKind.Iot, "cn-north-1")]
    [InlineData("vpce-0a1b.api.iot.eu-west-1.vpce.amazonaws.com", EndpointKind.Iot, "eu-west-1")]
    [InlineData("data.jobs.iot.eu-west-1.amazonaws.com", EndpointKind.IotJobsData, "eu-west-1")]
    [InlineData("abc123.jobs.iot.eu-west-1.amazonaws.com", EndpointKind.IotJobsData, "eu-west-1")]
    [InlineData("abc123.jobs.iot.eu-west-1.api.aws", EndpointKind.IotJobsData, "eu-west-1")]
    [InlineData("jobs.iot.eu-west-1.api.aws", EndpointKind.IotJobsData, "eu-west-1")]
    [InlineData("data.jobs.iot-fips.us-east-2.amazonaws.com", EndpointKind.IotJobsData, "us-east-2")]
    [InlineData("data.jobs.iot-fips.us-east-2.api.aws", EndpointKind.IotJobsData, "us-east-2")]
    [InlineData("data.jobs.iot.cn-northwest-1.amazonaws.com.cn", EndpointKind.IotJobsData, "cn-northwest-1")]
    [InlineData("jobs.iot.us-east-1.localhost", EndpointKind.IotJobsData, "us-east-1")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", EndpointKind.Devices, "eu-west-1")]
    [InlineData("ABC123-ATS.IOT.EU-WEST-1.AMAZONAWS.COM", EndpointKind.Devices, "eu-west-1")]
    [InlineData("abc123.iot.ap-southeast-2.amazonaws.com", EndpointKind.Devices, "ap-southeast-2")]
    [InlineData("abc123.ats.iot.cn-north-1.amazonaws.com.cn", EndpointKind.Devices, "cn-north-1")]
    [InlineData("abc123-ats.iot.us-iso-east-1.c2s.ic.gov", EndpointKind.Devices, "us-iso-east-1")]
    [InlineData("data.iot.us-east-1.amazonaws.com", EndpointKind.Devices, "us-east-1")]
    [InlineData("data-ats.iot-fips.us-west-2.api.aws", EndpointKind.Devices, "us-west-2")]
    [InlineData("vpce-0a1b.data.iot.eu-west-1.vpce.amazonaws.com", EndpointKind.Devices, "eu-west-1")]
    [InlineData("abc123.credentials.iot.eu-west-1.amazonaws.com", EndpointKind.Unknown, "eu-west-1")]
    [InlineData("api.tunneling.iot.eu-west-1.amazonaws.com", EndpointKind.Unknown, "eu-west-1")]
    internal void An_endpoint_states_its_region_and_who_is_served(string host, EndpointKind kind, string region)
    {
        Assert.True(EndpointHost.TryParse(host, out var endpoint));
        Assert.Equal((kind, region), (endpoint.Kind, endpoint.Region.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("iot-jobs")]
    [InlineData("iot.example.com")]
    [InlineData("iot.eu-west.example.com")]
    [InlineData("iot.west-1.example.com")]
    [InlineData("iot.eu--west-1.example.com")]
    [InlineData("jobs.iot")]
    [InlineData("s3.eu-west-1.amazonaws.com")]
    [InlineData("abc123.myiot.eu-west-1.amazonaws.com")]
    [InlineData("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.iot.eu-west-1.amazonaws.com")]
    public void Any_other_host_states_nothing(string? host) => Assert.False(EndpointHost.TryParse(host, out _));
}
