using System.Globalization;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// The rules of what is to go wrong. Of those that concern a call or a notification, the first that strikes does. All accounts and regions share
/// the list, of at most 10 000 rules.
/// </summary>
public sealed class FaultsClient
{
    private const string Path = "faults";

    private readonly EmulatorApi _api;

    internal FaultsClient(EmulatorApi api) => _api = api;

    /// <summary>Adds a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rule with its id.</returns>
    /// <exception cref="EmulatorException">The rule is contradictory or can strike nothing (InvalidRequestException), or there are too many (LimitExceededException).</exception>
    public async Task<Fault> AddAsync(FaultRule rule, CancellationToken cancellationToken = default) =>
        (await AddAsync([rule], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Adds rules, all or none.</summary>
    /// <param name="rules">The rules, in the order in which they are asked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rules with their ids.</returns>
    /// <exception cref="EmulatorException">A rule is contradictory or can strike nothing (InvalidRequestException), or there are too many (LimitExceededException).</exception>
    public async Task<IReadOnlyList<Fault>> AddAsync(IEnumerable<FaultRule> rules, CancellationToken cancellationToken = default) =>
        // Of a rule that was answered only the members of FaultRule are written.
        (await _api.Send<FaultList>(HttpMethod.Post, Path, new { faults = rules.ToArray() }, cancellationToken: cancellationToken).ConfigureAwait(false)).Faults;

    /// <summary>Lists the rules and how often each has struck. One that has struck as often as it should is gone.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Fault>> ListAsync(CancellationToken cancellationToken = default) =>
        (await _api.Send<FaultList>(HttpMethod.Get, Path, cancellationToken: cancellationToken).ConfigureAwait(false)).Faults;

    /// <summary>Removes a rule.</summary>
    /// <param name="id">The id that it was given.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EmulatorException">There is no such rule any more (ResourceNotFoundException).</exception>
    public Task RemoveAsync(long id, CancellationToken cancellationToken = default) =>
        _api.Send(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}"), cancellationToken: cancellationToken);

    /// <summary>Removes all rules.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ClearAsync(CancellationToken cancellationToken = default) => _api.Send(HttpMethod.Delete, Path, cancellationToken: cancellationToken);

    private sealed record FaultList(IReadOnlyList<Fault> Faults);
}
