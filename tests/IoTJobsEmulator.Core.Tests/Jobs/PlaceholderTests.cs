using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class PlaceholderTests
{
    private static readonly PresignedUrlConfig Config = new() { RoleArn = "arn:aws:iam::123456789012:role/reader", ExpiresInSec = 60 };

    private static readonly UrlSigner Signer = new Written();

    private readonly TestRealm _test = new();

    public PlaceholderTests() => _test.CreateThing("pump-1");

    /// <summary>Writes down what it is asked for.</summary>
    private sealed record Written : UrlSigner
    {
        public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now) =>
            $"<{method} {target.Bucket} {target.Key} {target.VersionId} {lifetime.TotalSeconds}s {(now - Start).TotalSeconds}>";
    }

    [Theory]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2.bin", "One or more parameters or placeholders are not terminated.")]
    [InlineData("${aws:iot:parameter:x", "One or more parameters or placeholders are not terminated.")]
    [InlineData("${aws:iot:s3-presigned-url-upload:https://s3.amazonaws.com/logs/${thingName}", "One or more parameters or placeholders are not terminated.")]
    [InlineData("${thingName}", "Local placeholder, ${thingName}, is only valid inside of presign url upload")]
    [InlineData("${jobId}", "Local placeholder, ${jobId}, is only valid inside of presign url upload")]
    [InlineData("${executionNumber}", "Local placeholder, ${executionNumber}, is only valid inside of presign url upload")]
    [InlineData("${aws:iot:s3-presigned-url-upload:https://s3.amazonaws.com/logs/${site}}", "Undefined placeholder, ${site}, inside of presign url upload parameter")]
    [InlineData("${aws:iot:s3-presigned-url:${aws:iot:s3-presigned-url:https://s3.amazonaws.com/a-b/c}}", "${aws:iot:s3-presigned-url[...]} should not be the second layer pattern.")]
    [InlineData("${aws:iot:s3-presigned-url-upload:https://s3.amazonaws.com/logs/${jobId}${jobId}${jobId}}", "The occurrence of local placeholder ${jobId} within S3 presigned url upload placeholder exceeds limit of 2.")]
    [InlineData("${aws:iot:s3-presigned-url-upload:https://s3.amazonaws.com/logs-${thingName}/a}", "S3 bucket name in presigned url upload is not allowed to contain any placeholders")]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/Fi/v2.bin}", "Given S3 bucket name is invalid.")]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/a..b/v2.bin}", "Given S3 bucket name is invalid.")]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/}", "Provided argument for presigned url is invalid")]
    [InlineData("${aws:iot:s3-presigned-url:v2.bin}", "Provided argument for presigned url is invalid")]
    [InlineData("${aws:iot:s3-presigned-url:}", "Provided argument for presigned url is invalid")]
    [InlineData("${aws:iot:package:firmware:version:$null:attributes:a}", "$null is not allowed to be referenced as a package version in job documents.")]
    [InlineData("${aws:iot:package::version:2:attributes:a}", "Empty package name and version name have to be used in pair.")]
    [InlineData("${aws:iot:package:firmware:version::attributes:a}", "Empty package name and version name have to be used in pair.")]
    [InlineData("${aws:iot:package::version::attributes:a}", "Cannot resolve empty package name and version name given multiple elements in destination package versions.")]
    public void A_placeholder_that_cannot_be_filled_in_is_refused(string placeholder, string message)
    {
        var request = JobOn(ThingArn("pump-1"), $$"""{"a":"x","b":"{{placeholder}}"}""") with
        {
            PresignedUrlConfig = Config,
            DestinationPackageVersions = [$"{ArnPrefix}package/firmware/version/1", $"{ArnPrefix}package/firmware/version/2"],
        };
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateJob.Handle(_test, "job-1", request));
    }

    [Theory]
    [InlineData("${HOME}")]
    [InlineData("${unfinished")]
    [InlineData("${aws:iot:parameter:x}")]
    [InlineData("${aws:iot:code-sign-signature:s3://us-east-1.bucket/key}")]
    [InlineData("${aws:iot:package::version::attributes:a}")]
    [InlineData("${aws:iot:package:firmware:version:2:attributes:a}")]
    [InlineData("${aws:iot:package:firmware:other}")]
    public void What_the_service_does_not_fill_in_stays_as_it_is(string text)
    {
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), $"[\"{text}\"]") with { DestinationPackageVersions = [$"{ArnPrefix}package/firmware/version/1"] });

        Assert.Equal($"[\"{text}\"]", StartNextPendingJobExecution.Handle(_test, "pump-1", null, Signer).Execution!.JobDocument);
    }

    [Fact]
    public void A_role_is_needed_for_URLs()
    {
        const string document = """["${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2}"]""";
        foreach (var config in new[] { null, Config with { RoleArn = null } })
        {
            _test.AssertRefused(
                ServiceError.InvalidRequest,
                "presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.",
                () => CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), document) with { PresignedUrlConfig = config }));
        }
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), document) with { PresignedUrlConfig = Config });
    }

    [Fact]
    public void A_document_from_a_link_is_checked_as_well() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "One or more parameters or placeholders are not terminated.",
        () => CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), null) with { DocumentSource = "s3://bucket/key" }, new FetchedDocument("s3://bucket/key", "[\"${aws:\"]")));

    [Theory]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2/a.bin}", "<GET firmware v2/a.bin  60s 5>")]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.eu-central-1.amazonaws.com/firmware/a%20b?c}", "<GET firmware a%20b?c  60s 5>")]
    [InlineData("${aws:iot:s3-presigned-url-v2:https://firmware.s3.eu-central-1.amazonaws.com/a%20b?versionId=x%2F1}", "<GET firmware a b x/1 60s 5>")]
    [InlineData("${aws:iot:s3-presigned-url-upload:https://logs.s3.amazonaws.com/${thingName}/${jobId}-${executionNumber}/${thingName}.txt}", "<PUT logs pump-1/job-1-1/pump-1.txt  60s 5>")]
    [InlineData(@"${aws:iot:s3-presigned-url:https:\/\/s3.amazonaws.com\/firmware\/v2}", "<GET firmware v2  60s 5>")]
    public void A_device_gets_a_URL_made_when_it_asks(string placeholder, string url)
    {
        Create($$"""{"a":"{{placeholder}}","b":["é {{placeholder}}!"]}""");
        _test.Jump(Seconds(5));
        var document = $$"""{"a":"{{url}}","b":["é {{url}}!"]}""";

        Assert.Equal(document, StartNextPendingJobExecution.Handle(_test, "pump-1", null, Signer).Execution!.JobDocument);
        Assert.Equal(document, DescribeJobExecution.Handle(_test, "pump-1", "job-1", null, null, Signer).Execution!.JobDocument);
        Assert.Equal(document, UpdateJobExecution.Handle(_test, "pump-1", "job-1", new() { Status = JobExecutionStatus.IN_PROGRESS, IncludeJobDocument = true }, Signer).JobDocument);
    }

    [Fact]
    public void The_job_keeps_its_placeholders_and_so_does_a_device_where_nobody_signs()
    {
        const string document = """["${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2}"]""";
        Create(document);

        Assert.Equal(document, _test.Document("job-1"));
        Assert.Equal(document, StartNextPendingJobExecution.Handle(_test, "pump-1", null).Execution!.JobDocument);
    }

    [Fact]
    public void A_URL_is_good_for_an_hour_when_the_job_does_not_say()
    {
        Create("""["${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2}"]""", Config with { ExpiresInSec = null });
        Assert.Equal("""["<GET firmware v2  3600s 0>"]""", StartNextPendingJobExecution.Handle(_test, "pump-1", null, Signer).Execution!.JobDocument);
    }

    [Fact]
    public void A_notification_carries_what_its_URLs_need()
    {
        Create("""["${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2}"]""");

        var next = Assert.Single(_test.Commit().OfType<NextExecutionChanged>());
        Assert.Equal(Config, next.PresignedUrlConfig);
        Assert.Equal("""["<GET firmware v2  60s 0>"]""", next.Document!.ForDevice(next.Next!, next.PresignedUrlConfig, Signer, _test.Now));
    }

    private void Create(string document, PresignedUrlConfig? config = null) =>
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), document) with { PresignedUrlConfig = config ?? Config });
}
