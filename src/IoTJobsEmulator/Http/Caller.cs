using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace IoTJobsEmulator.Http;

/// <summary>The two services that share paths, <c>iot</c> and <c>iot-jobs-data</c>, the messages of <c>iot-data</c>, and what the emulator adds of its own.</summary>
internal enum Plane
{
    Control,
    Data,
    Messages,
    Emulator,
}

/// <summary>
/// Who asks: the account and region that a signed request names, else the ones in the settings. Signatures are not checked.
/// A 12-digit access key id is an account; any other key stands for the account in the settings.
/// </summary>
internal sealed class Caller
{
    public required Plane Plane { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required bool IsSigned { get; init; }

    /// <summary>The operation asked for, once it is known.</summary>
    public string? Operation { get; set; }

    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>The realm asked. A device that does not sign is found by its thing's name, if the default realm lacks the thing.</summary>
    public Realm Realm(TurnGate turns, HttpContext context)
    {
        var realm = turns.RealmOf(Account, Region);
        return Plane == Plane.Data && !IsSigned && context.Request.RouteValues["thingName"] is string thingName
            ? turns.RealmHavingThing(thingName, realm)
            : realm;
    }
}

/// <summary>What a SigV4 credential names: <c>AKID/20260101/us-east-1/iot/aws4_request</c>.</summary>
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
