using IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class PackageVersionTests
{
    private readonly TestRealm _test = new();

    public PackageVersionTests() => _test.CreateThing("pump-1");

    [Theory]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/version/")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package//version/2")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/edition/2")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/version/2/a")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:thing/firmware/version/2")]
    [InlineData("arn:aws:s3:::bucket/version/2")]
    public void What_is_no_ARN_of_a_package_version_is_refused(string arn) => _test.AssertRefused(
        ServiceError.InvalidRequest,
        $"{arn} at destinationPackageVersions is not the ARN of a package version.",
        () => CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1")) with { DestinationPackageVersions = [$"{ArnPrefix}package/firmware/version/1", arn] }));

    [Fact]
    public void Versions_are_kept_whether_they_are_there_or_not()
    {
        ValueList<string> versions = [$"{ArnPrefix}package/firmware/version/1.0.0", $"{ArnPrefix}package/boot_loader/version/$null"];
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1")) with { DestinationPackageVersions = versions });
        Assert.Equal(versions, DescribeJob.Handle(_test, "job-1", null).Job.DestinationPackageVersions);
    }
}
