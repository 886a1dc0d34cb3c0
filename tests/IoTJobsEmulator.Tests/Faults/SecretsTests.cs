using System.Text;
using IoTJobsEmulator.Operations.Requests;

namespace IoTJobsEmulator.Tests.Faults;

/// <summary>Each form in which clients and devices write a secret is found, and what only looks like one stays.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("https://a/b?X-Amz-Signature=0123&X-Amz-Expires=60", "https://a/b?X-Amz-Signature=(cut)&X-Amz-Expires=60")]
    [InlineData("https://a/b?Signature=0123&Key-Pair-Id=K1", "https://a/b?Signature=(cut)&Key-Pair-Id=K1")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKID/20260101, SignedHeaders=host, Signature=0123", "AWS4-HMAC-SHA256 Credential=(cut), SignedHeaders=host, Signature=(cut)")]
    // Within another URL.
    [InlineData("https://p/?url=https%3A%2F%2Fa%2Fb%3FX-Amz-Signature%3D0123%26X-Amz-Expires%3D60&x=1", "https://p/?url=https%3A%2F%2Fa%2Fb%3FX-Amz-Signature%3D(cut)%26X-Amz-Expires%3D60&x=1")]
    [InlineData("?u=%253FX-Amz-Expires%253D60%2526X-Amz-Security-Token%253Da%252Fb%2526x%253D1", "?u=%253FX-Amz-Expires%253D60%2526X-Amz-Security-Token%253D(cut)%2526x%253D1")]
    [InlineData("?u=b%3fX-Amz-Signature%3d0123%26x", "?u=b%3fX-Amz-Signature%3d(cut)%26x")]
    [InlineData("b%3FX-Amz-Signature%3D0123", "b%3FX-Amz-Signature%3D(cut)")]
    // JSON as Java's Gson writes it, and as .NET does.
    [InlineData("""{"url":"https://a/b?X-Amz-Expires\u003d60\u0026X-Amz-Signature\u003d0123"}""", """{"url":"https://a/b?X-Amz-Expires\u003d60\u0026X-Amz-Signature\u003d(cut)"}""")]
    [InlineData("""{"url":"https://a/b?Signature\u003d0123"}""", """{"url":"https://a/b?Signature\u003d(cut)"}""")]
    [InlineData("""{"headers": {"Authorization": "Basic dXNl+jpw/Q=="}}""", """{"headers": {"Authorization": "Basic (cut)"}}""")]
    [InlineData("""{"document": "{\u0022authorization\u0022:\u0022Bearer a\u002Bb.c\u0022}"}""", """{"document": "{\u0022authorization\u0022:\u0022Bearer (cut)\u0022}"}""")]
    [InlineData("curl -H 'AUTHORIZATION: basic dXNlcjpw' https://a/b", "curl -H 'AUTHORIZATION: basic (cut) https://a/b")]
    [InlineData("device?x-amz-customauthorizer-name=a&x-amz-customauthorizer-signature=dXNl%3D", "device?x-amz-customauthorizer-name=a&x-amz-customauthorizer-signature=(cut)")]
    public void A_secret_is_cut(string text, string expected)
    {
        Assert.Equal(expected, Secrets.Cut(text));
        Assert.Equal(expected, Encoding.UTF8.GetString(Secrets.Cut(Encoding.UTF8.GetBytes(text)).Span));
        Assert.Equal(expected, Secrets.CutAlsoInBase64(text));
        Assert.Equal(expected, Encoding.UTF8.GetString(Convert.FromBase64String(Secrets.CutAlsoInBase64(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))))));
        Assert.True(Secrets.AreIn(text));
        Assert.True(Secrets.MayBeIn(new(Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("%")]
    [InlineData("%25")]
    [InlineData("%3D")]
    [InlineData("z")]
    [InlineData("tz=a&size=1")]
    [InlineData("authorization")]
    [InlineData("authorization: basically none")]
    [InlineData("MySignature=0123")]
    [InlineData("X-Amz-Signature%2B0123")]
    [InlineData("ACEGIKMOQSUWY0246813579acegikmoqsu")]
    public void What_is_no_secret_stays(string text)
    {
        Assert.Same(text, Secrets.Cut(text));
        Assert.Same(text, Secrets.CutAlsoInBase64(text));
        Assert.False(Secrets.AreIn(text));
    }
}
