using IoTJobsEmulator.Core.Operations.Jobs;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class PackageVersionTests
{
    private readonly TestRealm _realm = new();

    public PackageVersionTests() => Thing(_realm, "pump-1");

    [Theory]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/version/")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package//version/2")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/edition/2")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:package/firmware/version/2/a")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:thing/firmware/version/2")]
    [InlineData("arn:aws:s3:::bucket/version/2")]
    public void What_is_no_ARN_of_a_package_version_is_refused(string arn) => _realm.AssertRefused(
        ServiceError.InvalidRequest,
        $"{arn} at destinationPackageVersions is not the ARN of a package version.",
        () => CreateJob.Handle(_realm, "job-1", JobOn("thing/pump-1") with { DestinationPackageVersions = [$"{Here}package/firmware/version/1", arn] }));

    [Fact]
    public void Versions_are_kept_whether_they_are_there_or_not()
    {
        ValueList<string> versions = [$"{Here}package/firmware/version/1.0.0", $"{Here}package/boot_loader/version/$null"];
        CreateJob.Handle(_realm, "job-1", JobOn("thing/pump-1") with { DestinationPackageVersions = versions });
        Assert.Equal(versions, DescribeJob.Handle(_realm, "job-1", null).Job.DestinationPackageVersions);
    }
}
