using IoTJobsEmulator.Tls;

namespace IoTJobsEmulator.Tests.Tls;

/// <summary>What the development CA may sign for.</summary>
public sealed class NameConstraintsTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("API.Localhost", true)]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", true)]
    [InlineData("iot.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("data.iot.us-east-1.api.aws", true)]
    [InlineData("host.docker.internal", true)]
    [InlineData("iot-jobs", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("172.18.0.2", true)]
    [InlineData("broker", true)]
    [InlineData("203.0.113.7", true)]
    [InlineData("notlocalhost", false)]
    [InlineData("amazonaws.com.example", false)]
    [InlineData("evilamazonaws.com", false)]
    [InlineData("com", false)]
    [InlineData("aws", false)]
    [InlineData("203.0.113.8", false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public void Names_of_this_machine_of_AWS_and_of_the_settings_are_permitted(string host, bool isPermitted) =>
        Assert.Equal(isPermitted, NameConstraints.Standard.With(["broker", "203.0.113.7", "not a name"]).Permit(host));

    [Fact]
    public void Constraints_cover_those_that_permit_less()
    {
        var more = NameConstraints.Standard.With(["broker", "203.0.113.7"]);
        Assert.True(more.Cover(NameConstraints.Standard));
        Assert.True(more.Cover(NameConstraints.Standard.With(["north.broker"])));
        Assert.False(NameConstraints.Standard.Cover(more));
        Assert.False(new NameConstraints([], []).Cover(NameConstraints.Standard));
    }
}
