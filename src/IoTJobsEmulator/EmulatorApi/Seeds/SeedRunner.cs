using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>
/// Runs seeds, one call a turn and each after the requests that wait for theirs. What is due is done before the next call, so that the same seed
/// brings about the same world whoever else does due work.
/// </summary>
internal sealed class SeedRunner(SeedOperations operations, TurnGate turns, DueWorkRunner dueWork, IServiceProvider services)
{
    /// <summary>After so many calls their commits are waited for.</summary>
    private const int CallsPerCommit = 1_000;

    /// <summary>After so many calls requests may go first.</summary>
    private const int CallsInOneGo = 50;

    /// <summary>Checks seeds that run as one, in their order.</summary>
    /// <exception cref="SeedRefusedException">A call is refused for its form.</exception>
    public IReadOnlyList<Seed> Check(IReadOnlyList<(string Source, SeedDocument Document)> documents, SeedCaller caller)
    {
        var reader = new SeedReader(operations);
        return [.. documents.Select(document => reader.Check(document.Source, document.Document, ContextOf(document.Document.Account, document.Document.Region, caller, new(), CancellationToken.None)))];
    }

    /// <summary>Runs checked seeds, to their commit.</summary>
    /// <param name="seeds">The seeds, in their order.</param>
    /// <param name="caller">Who runs them.</param>
    /// <param name="results">Gets what each call has answered; null when nobody asks.</param>
    /// <param name="aborted">Ends them between two calls.</param>
    /// <returns>How many calls were made.</returns>
    /// <exception cref="SeedRefusedException">A call is refused. The calls before it are done, and stay.</exception>
    /// <exception cref="ServiceException">The database could not be written: of the calls those are undone that were not committed.</exception>
    /// <exception cref="OperationCanceledException">The seeds were ended. The calls so far are done, and stay.</exception>
    public async Task<int> Run(IReadOnlyList<Seed> seeds, SeedCaller caller, SeedResults? results, CancellationToken aborted)
    {
        var (values, commits, made, resets) = (new SeedValues(), new PendingCommits(), 0, turns.Resets.Value);
        try
        {
            foreach (var seed in seeds)
            {
                var context = ContextOf(seed.Account, seed.Region, caller, commits, aborted);
                foreach (var (call, n) in seed.Calls.SelectMany(Repetitions))
                {
                    aborted.ThrowIfCancellationRequested();
                    values.N = n;
                    try
                    {
                        if (turns.Resets.Value != resets)
                            throw ServiceError.InvalidRequest.Because("A reset has ended the seed.");
                        await Run(call, values, context, results);
                    }
                    catch (ServiceException refusal)
                    {
                        throw new SeedRefusedException(call.PlaceIn(seed, n), call.Operation.NameOf(refusal.Error), refusal) { Made = made };
                    }
                    if (++made % CallsPerCommit == 0)
                        await turns.WhenCaughtUp(commits);
                    else if (made % CallsInOneGo == 0)
                        await turns.WhenMayGoOn();
                }
            }
        }
        finally
        {
            await turns.WhenCaughtUp(commits); // those before a refusal, too
        }
        await turns.WhenCommitted();
        return made;
    }

    private static IEnumerable<(SeedCall Call, int? N)> Repetitions(SeedCall call) =>
        call.Repeat is { } times ? Enumerable.Range(1, times).Select(n => (call, (int?)n)) : [(call, null)];

    private async ValueTask Run(SeedCall call, SeedValues values, SeedContext context, SeedResults? results)
    {
        var prepared = call.Operation.Prepare(values.InputOf(call), context);
        var answer = await call.Operation.Run(prepared, context);
        await dueWork.RunAll();
        if (call.Save is not null || (results is not null && call.Repeat is null))
        {
            var json = call.Operation.JsonOf(answer);
            if (call.Save is { } name)
                values.Save(name, json);
            results?.Add(call, json);
        }
        else if (values.N == call.Repeat)
            results?.Add(call, null);
    }

    private SeedContext ContextOf(string? account, string? region, SeedCaller caller, PendingCommits commits, CancellationToken aborted) => new(
        turns.RealmOf(account ?? caller.Tenant.Account, region ?? caller.Tenant.Region), caller, services, commits, aborted);
}

/// <summary>What the calls of a seed have answered.</summary>
internal sealed class SeedResults
{
    /// <summary>How many bytes of answers are shown; later ones are left out.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly List<SeedResult> _all = [];
    private int _bytes;

    public IReadOnlyList<SeedResult> All => _all;

    /// <param name="call">A call that is done, with its repetitions.</param>
    /// <param name="json">What it answered; null for a repeated call.</param>
    public void Add(SeedCall call, byte[]? json)
    {
        var isShown = json is not null && _bytes + json.Length <= MaxBytes;
        if (isShown)
            _bytes += json!.Length;
        _all.Add(new(call.Number, call.Operation.Name)
        {
            Count = call.Repeat,
            Output = isShown ? JsonElement.Parse(json!) : null,
            IsOutputCut = json is not null && !isShown ? true : null,
        });
    }
}

/// <summary>What came of a call of a seed.</summary>
/// <param name="Call">Its place in the seed, from 1.</param>
/// <param name="Operation">What it called.</param>
internal sealed record SeedResult(int Call, string Operation)
{
    /// <summary>How often a repeated call was made.</summary>
    public int? Count { get; init; }

    /// <summary>What the operation answered; not of a repeated call, whose answers are alike.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Whether the output is left out, because there are too many.</summary>
    public bool? IsOutputCut { get; init; }
}
