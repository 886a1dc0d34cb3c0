namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class S3ObjectTests
{
    [Theory]
    [InlineData("https://s3.amazonaws.com/bucket/a/b.json", "bucket a/b.json")]
    [InlineData("https://s3.eu-central-1.amazonaws.com/bucket/key", "bucket key")]
    [InlineData("https://s3-eu-west-1.amazonaws.com/bucket/key", "bucket key")]
    [InlineData("https://bucket.s3.amazonaws.com/a/b", "bucket a/b")]
    [InlineData("https://my.bucket.s3.eu-central-1.amazonaws.com/key", "my.bucket key")]
    [InlineData("https://bucket.s3-eu-west-1.amazonaws.com/key", "bucket key")]
    [InlineData("https://bucket.s3.cn-north-1.amazonaws.com.cn/key", "bucket key")]
    [InlineData("s3://bucket/a/b", "bucket a/b")]
    [InlineData("http://localhost:9000/bucket/key", "bucket key")]
    [InlineData("HTTPS://S3.amazonaws.com/bucket/key", "bucket key")]
    [InlineData("https://s3.amazonaws.com/bucket", null)]
    [InlineData("https://s3.amazonaws.com/bucket/", null)]
    [InlineData("https://s3.amazonaws.com//key", null)]
    [InlineData("ftp://s3.amazonaws.com/bucket/key", null)]
    [InlineData("bucket/key", null)]
    public void A_link_names_bucket_and_key(string url, string? found) =>
        Assert.Equal(found, S3Object.TryParse(url, isEncoded: false, out var read) ? $"{read.Bucket} {read.Key}" : null);

    [Theory]
    [InlineData("https://s3.eu-west-1.amazonaws.com/bucket/key", "s3.eu-west-1.amazonaws.com")]
    [InlineData("https://bucket.S3.eu-west-1.amazonaws.com/key", "s3.eu-west-1.amazonaws.com")]
    [InlineData("https://my.bucket.s3.cn-north-1.amazonaws.com.cn/key", "s3.cn-north-1.amazonaws.com.cn")]
    [InlineData("s3://bucket/key", null)]
    [InlineData("http://localhost:9000/bucket/key", null)]
    public void A_link_may_name_a_host_of_AWS(string url, string? host)
    {
        Assert.True(S3Object.TryParse(url, isEncoded: false, out var read));
        Assert.Equal(host, read.AwsHost);
    }

    [Fact]
    public void A_link_may_be_encoded_and_name_a_version()
    {
        const string url = "https://s3.amazonaws.com/bucket/a%2Bb?x=1&versionId=a%2Fb";
        Assert.True(S3Object.TryParse(url, isEncoded: true, out var encoded));
        Assert.True(S3Object.TryParse(url, isEncoded: false, out var plain));
        Assert.Equal(
            (new("bucket", "a+b", "a/b") { AwsHost = "s3.amazonaws.com" }, new("bucket", "a%2Bb?x=1&versionId=a%2Fb") { AwsHost = "s3.amazonaws.com" }),
            (encoded, plain));
    }
}
