using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Endpoint;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>Seeds in a request.</summary>
internal sealed class SeedEndpoints(SeedRunner seeds, EmulatorOptions options)
{
    /// <param name="Calls">How many calls were made, repetitions included.</param>
    /// <param name="Results">What came of each call of the seed, in its order.</param>
    public sealed record SeedView(int Calls, IReadOnlyList<SeedResult> Results);

    /// <summary>
    /// Runs a seed: calls of operations in one request, in the account and region that it names, else in the caller's. One that is wrong in form is refused
    /// before its first call. When a call is refused later, the calls before it stay, and the refusal names it. It stops between two calls when the caller goes.
    /// </summary>
    /// <param name="request">The seed.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    /// <param name="address">Where the caller reached the emulator.</param>
    /// <param name="signer">Signs the URLs in documents for devices.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<SeedView> RunSeed(SeedDocument request, Tenant? caller, CallersAddress address, UrlSigner signer, CancellationToken aborted)
    {
        var asking = new SeedCaller(caller ?? new(options.Account, options.Region), address, signer);
        try
        {
            var results = new SeedResults();
            var made = await seeds.Run(seeds.Check([(Seed.Sent, request)], asking), asking, results, aborted);
            return new(made, results.All);
        }
        catch (SeedRefusedException refusal)
        {
            throw refusal.AsAnswer(refusal.Made switch { 0 => null, 1 => "The call before it stays.", var made => $"The {made} calls before it stay." });
        }
    }
}
