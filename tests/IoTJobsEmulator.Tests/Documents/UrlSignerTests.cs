using System.Text.RegularExpressions;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Documents;

namespace IoTJobsEmulator.Tests.Documents;

public sealed class UrlSignerTests
{
    private static readonly Moment Start = Moment.Of(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly FolderUrlSigner Folder = new("http://localhost:5080", "secret");

    /// <summary>Compared with what botocore 1.43.11 signs for the same moment, key and object.</summary>
    [Fact]
    public void An_S3_URL_is_signed_by_Signature_Version_4()
    {
        var signer = new S3UrlSigner(new("http://localhost:9000"), new("eu-central-1", "AKIDEXAMPLE", "secret", "token/1"), Start);

        Assert.Equal(
            "http://localhost:9000/firmware/pumps/v%202.bin?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-Security-Token=token%2F1&X-Amz-SignedHeaders=host&versionId=7&X-Amz-Signature=5e80b95faacc45c6174ba481e2ad2c3f5842cb1c75672b526ec7db55f9eaeb35",
            signer.Sign(UrlSigner.Get, new("firmware", "pumps/v 2.bin", "7"), TimeSpan.FromSeconds(60), Start + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void An_upload_is_signed_as_such_and_the_key_is_not_shown()
    {
        var signer = new S3UrlSigner(new("https://s3.example.com"), new("eu-central-1", "AKIDEXAMPLE", "secret", null), Start);

        Assert.Equal(
            "https://s3.example.com/logs/pump-1.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=2b31a587891b1198c32ac0567b79421b14f22dfbdb30bc4ca6c23c1854f0b3f3",
            signer.Sign(UrlSigner.Put, new("logs", "pump-1.txt"), TimeSpan.FromHours(1), Start));
        Assert.Equal("S3 at https://s3.example.com/", $"{signer}");
        Assert.Equal("the emulator at http://localhost:5080", $"{Folder}");
    }

    [Theory]
    [InlineData("https://s3.eu-west-1.amazonaws.com/bucket/a/k 1", "https://bucket.s3.eu-west-1.amazonaws.com/a/k%201", "eu-west-1")]
    [InlineData("https://bucket.s3.eu-west-1.amazonaws.com/k", "https://bucket.s3.eu-west-1.amazonaws.com/k", "eu-west-1")]
    [InlineData("https://s3-eu-west-1.amazonaws.com/bucket/k", "https://bucket.s3-eu-west-1.amazonaws.com/k", "eu-west-1")]
    [InlineData("https://s3.dualstack.us-gov-west-1.amazonaws.com/bucket/k", "https://bucket.s3.dualstack.us-gov-west-1.amazonaws.com/k", "us-gov-west-1")]
    [InlineData("https://s3.amazonaws.com/bucket/k", "https://bucket.s3.amazonaws.com/k", "us-east-1")]
    [InlineData("https://s3.cn-north-1.amazonaws.com.cn/bucket/k", "https://bucket.s3.cn-north-1.amazonaws.com.cn/k", "cn-north-1")]
    [InlineData("s3://bucket/k", "https://bucket.s3.eu-central-1.amazonaws.com/k", "eu-central-1")]
    [InlineData("http://localhost:9000/bucket/k", "https://bucket.s3.eu-central-1.amazonaws.com/k", "eu-central-1")]
    public void Without_an_S3_a_URL_has_the_form_of_AWS(string link, string url, string region)
    {
        Assert.True(S3Object.TryParse(link, isEncoded: false, out var target));

        var signed = new AwsUrlSigner("eu-central-1").Sign(UrlSigner.Get, target, TimeSpan.FromMinutes(5), Start);

        Assert.Matches(
            $"^{Regex.Escape(url)}\\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2F{region}%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z"
            + "&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=[0-9a-f]{64}$",
            signed);
        Assert.NotEqual(signed, new AwsUrlSigner("eu-central-1").Sign(UrlSigner.Put, target, TimeSpan.FromMinutes(5), Start));
    }

    [Fact]
    public void The_emulators_own_URL_is_good_until_its_end_for_its_object_and_method()
    {
        var target = new S3Object("firmware", "pumps/v 2.bin");
        var url = new Uri(Folder.Sign(UrlSigner.Get, target, TimeSpan.FromSeconds(60), Start));
        Assert.StartsWith("http://localhost:5080/_emulator/documents/firmware/pumps/v%202.bin?expires=1767225660000&signature=", url.AbsoluteUri);

        var (expires, signature) = (1767225660000, url.Query.Split("signature=")[1]);
        var last = Start + TimeSpan.FromMilliseconds(59_999);
        Assert.True(Folder.Allows(UrlSigner.Get, target, expires, signature, last));
        Assert.False(Folder.Allows(UrlSigner.Get, target, expires, signature, last + TimeSpan.FromMilliseconds(1)));
        Assert.False(Folder.Allows(UrlSigner.Put, target, expires, signature, last));
        Assert.False(Folder.Allows(UrlSigner.Get, target with { Key = "pumps/v 3.bin" }, expires, signature, last));
        Assert.False(Folder.Allows(UrlSigner.Get, new("firmware/pumps", "v 2.bin"), expires, signature, last));
        Assert.False(Folder.Allows(UrlSigner.Get, target, expires + 1, signature, last));
        Assert.False(Folder.Allows(UrlSigner.Get, target, expires, "", last));
        Assert.False((Folder with { Secret = "other" }).Allows(UrlSigner.Get, target, expires, signature, last));
    }
}
