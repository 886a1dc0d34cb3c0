using System.Web;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Whose device a client is, as far as it says: the account and region of a presigned URL, of an endpoint's host name, or of the user
/// name, which AWS's clients write as a query. A client that says none belongs to nobody in particular and hears all.
/// </summary>
internal sealed record ClientTenant(string? Account, string? Region)
{
    public static readonly ClientTenant Unknown = new(null, null);

    /// <summary>Whether it says anything at all.</summary>
    public bool IsKnown => Account is not null || Region is not null;

    /// <summary>The account and region, with those in the settings for what it does not say.</summary>
    public (string Account, string Region) In(EmulatorOptions options) => (Account ?? options.Account, Region ?? options.Region);

    /// <summary>What a line tells before the client has said a word.</summary>
    public static ClientTenant OfLine(string? host, string? credential)
    {
        if (credential?.Split('/') is [var key, _, { Length: > 0 } region, _, _])
            return new(Arn.IsAccount(key) ? key : null, region);
        // abc123-ats.iot.eu-west-1.amazonaws.com
        return host?.Split('.') is [_, "iot" or "data-ats", { Length: > 0 } named, "amazonaws", ..] ? new(null, named) : Unknown;
    }

    /// <summary>What the user name adds: <c>?SDK=...&amp;region=eu-west-1&amp;account=123456789012</c>.</summary>
    public ClientTenant With(string? userName)
    {
        if (userName is null || !userName.Contains('=', StringComparison.Ordinal))
            return this;
        var said = HttpUtility.ParseQueryString(userName[(userName.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var (account, region) = (said["account"], said["region"]);
        return new(account is not null && Arn.IsAccount(account) ? account : Account, string.IsNullOrEmpty(region) ? Region : region);
    }

    /// <summary>What keeps its messages in its account and region; null for a client that says none, which hears all and is heard by all.</summary>
    public string? TenantIn(EmulatorOptions options) => IsKnown && In(options) is var (account, region) ? Tenant(account, region) : null;

    /// <summary>What keeps messages of a realm in its account and region.</summary>
    public static string TenantOf(Realm realm) => TenantOf(realm.Tenant);

    /// <summary>What keeps messages of an account and region there.</summary>
    public static string TenantOf(Tenant tenant) => Tenant(tenant.Account, tenant.Region);

    private static string Tenant(string account, string region) => $"{account} {region}";
}
