using Microsoft.Extensions.Primitives;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>The scope in the credential of a Signature Version 4: <c>AKID/20260101/us-east-1/iot/aws4_request</c>.</summary>
internal readonly ref struct CredentialScope
{
    public ReadOnlySpan<char> AccessKeyId { get; private init; }

    public ReadOnlySpan<char> Region { get; private init; }

    public ReadOnlySpan<char> Service { get; private init; }

    public static bool TryRead(HttpRequest request, out CredentialScope scope)
    {
        var authorization = request.Headers.Authorization;
        if (!StringValues.IsNullOrEmpty(authorization))
            return TryRead(authorization[0].AsSpan(), out scope);
        if (request.QueryString.HasValue && request.Query.TryGetValue("X-Amz-Credential", out var credential))
            return TryParse(credential[0].AsSpan(), out scope);
        scope = default;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<char> authorization, out CredentialScope scope)
    {
        const string Start = "Credential=";
        scope = default;
        var at = authorization.IndexOf(Start, StringComparison.Ordinal);
        if (at < 0)
            return false;
        var credential = authorization[(at + Start.Length)..];
        var end = credential.IndexOfAny(',', ' ');
        return TryParse(end < 0 ? credential : credential[..end], out scope);
    }

    private static bool TryParse(ReadOnlySpan<char> credential, out CredentialScope scope)
    {
        scope = default;
        Span<Range> parts = stackalloc Range[6];
        if (credential.Split(parts, '/') != 5)
            return false;
        scope = new() { AccessKeyId = credential[parts[0]], Region = credential[parts[2]], Service = credential[parts[3]] };
        return !scope.Region.IsEmpty;
    }
}
