using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>What the calls of a seed have in common.</summary>
/// <param name="Realm">The account and region.</param>
/// <param name="Caller">Who runs the seed.</param>
/// <param name="Services">The services that operations may ask for.</param>
/// <param name="Commits">The commits that are not waited for yet.</param>
/// <param name="Aborted">Ends the seed between two calls.</param>
internal sealed record SeedContext(Realm Realm, SeedCaller Caller, IServiceProvider Services, PendingCommits Commits, CancellationToken Aborted)
{
    /// <summary>What an operation's method gets that asks for this type.</summary>
    public object? Give(Type type) =>
        type == typeof(Realm) ? Realm
        : type == typeof(Tenant?) ? Realm.Tenant
        : type == typeof(CallersAddress) ? Caller.Address
        : type == typeof(UrlSigner) ? Caller.Signer
        : type == typeof(FetchedDocument) ? null // fetched for the call
        : type == typeof(CancellationToken) ? Aborted
        : Services.GetRequiredService(type);
}

/// <summary>Who runs a seed.</summary>
/// <param name="Tenant">The account and region of seeds that name none.</param>
/// <param name="Address">Where the caller reached the emulator.</param>
/// <param name="Signer">Signs the URLs in documents for devices.</param>
internal sealed record SeedCaller(Tenant Tenant, CallersAddress Address, UrlSigner Signer);
