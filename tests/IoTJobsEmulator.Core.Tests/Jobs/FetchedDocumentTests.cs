using System.Text;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class FetchedDocumentTests
{
    [Fact]
    public void What_is_found_outside_is_read_as_a_document()
    {
        Assert.Equal(new("s3://a/b", """{"a":"é"}"""), FetchedDocument.Read("s3://a/b", Encoding.UTF8.GetBytes("""{"a":"é"}""")));
        Assert.Equal(new("s3://a/b", "[]"), FetchedDocument.Read("s3://a/b", [0xEF, 0xBB, 0xBF, (byte)'[', (byte)']']));
        FetchedDocument.Read("s3://a/b", Encoding.UTF8.GetBytes($"\"{new string('a', 32766)}\""));
        AssertRefused("Job document at s3://a/b is larger than 32768 bytes.", Encoding.UTF8.GetBytes($"\"{new string('é', 16384)}\""));
        AssertRefused("Job document at s3://a/b cannot be found.", null);
        AssertRefused("Job document at s3://a/b is not valid JSON.", "{"u8.ToArray());
        AssertRefused("Job document at s3://a/b is not valid JSON.", [(byte)'"', 0xFF, (byte)'"']);
    }

    private static void AssertRefused(string message, byte[]? content)
    {
        var refusal = Assert.Throws<ServiceException>(() => FetchedDocument.Read("s3://a/b", content));
        Assert.Equal((ServiceError.InvalidRequest, message), (refusal.Error, refusal.Message));
    }
}
