using System.Web;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// The account and region that a client states: in a presigned URL, in the host name of an endpoint, or in the user name, which the AWS
/// clients write as a query string. A client that states neither has no tenant: it receives the messages of all.
/// </summary>
internal sealed record ClientTenant(string? Account, string? Region)
{
    public static readonly ClientTenant Unknown = new(null, null);

    /// <summary>Characters of the longest region that is taken for one: it is kept with the client and its session.</summary>
    private const int MaxRegion = 64;

    /// <summary>Whether the client states an account or a region.</summary>
    public bool IsKnown => Account is not null || Region is not null;

    /// <summary>The account and region, with those of the settings for what the client does not state.</summary>
    public (string Account, string Region) AccountAndRegion(EmulatorOptions options) => (Account ?? options.Account, Region ?? options.Region);

    /// <summary>What the network connection states, before the client has sent CONNECT.</summary>
    /// <param name="host">The host name of TLS or HTTP.</param>
    /// <param name="credential">The <c>X-Amz-Credential</c> of a presigned URL: <c>KEY/20260101/eu-west-1/iotdevicegateway/aws4_request</c>.</param>
    public static ClientTenant FromConnection(string? host, string? credential)
    {
        if (credential?.Split('/') is [var key, _, { Length: > 0 and <= MaxRegion } region, _, _])
            return new(Arn.IsAccount(key) ? key : null, region);
        return EndpointHost.TryParse(host, out var endpoint) ? new(null, endpoint.Region.ToString()) : Unknown;
    }

    /// <summary>Adds what the user name states, which takes precedence: <c>?SDK=...&amp;region=eu-west-1&amp;account=123456789012</c>.</summary>
    public ClientTenant WithUserName(string? userName)
    {
        if (userName is null || !userName.Contains('=', StringComparison.Ordinal))
            return this;
        var query = HttpUtility.ParseQueryString(userName[(userName.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var (account, region) = (query["account"], query["region"]);
        return new(account is not null && Arn.IsAccount(account) ? account : Account, region is { Length: > 0 and <= MaxRegion } ? region : Region);
    }

    /// <summary>The client's tenant in the broker; null for a client that states neither account nor region.</summary>
    public string? TenantIn(EmulatorOptions options) => IsKnown && AccountAndRegion(options) is var (account, region) ? Tenant(account, region) : null;

    /// <summary>The tenant of a realm in the broker.</summary>
    public static string TenantOf(Realm realm) => TenantOf(realm.Tenant);

    /// <summary>The tenant of an account and region in the broker.</summary>
    public static string TenantOf(Tenant tenant) => Tenant(tenant.Account, tenant.Region);

    private static string Tenant(string account, string region) => $"{account} {region}";
}
