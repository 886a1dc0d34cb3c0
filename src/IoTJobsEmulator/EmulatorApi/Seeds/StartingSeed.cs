using IoTJobsEmulator.Core;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>
/// The seed that the settings name: at the start and after a reset the world begins with it, as a whole or not at all. Its files are read anew each time.
/// </summary>
internal sealed class StartingSeed(
    EmulatorOptions options, SeedRunner seeds, TurnGate turns, WorldReplacement replacement, ILogger<StartingSeed> log) : IDisposable
{
    private readonly SemaphoreSlim _oneReset = new(1);

    /// <summary>Beside a database file while it is seeded, so that an emulator which was killed meanwhile seeds again.</summary>
    private string? Unfinished => options.Database is { } database ? database + ".seeding" : null;

    // Nobody is shown the answers, so that the address and the URLs in them do not matter.
    private SeedCaller Caller => new(new(options.Account, options.Region), new("localhost", options.Port, options.Endpoint), new AwsUrlSigner(options.Region));

    /// <summary>Brings the world about if it is empty. Called before the emulator listens.</summary>
    /// <exception cref="SeedException">The seed cannot be read, or a call is refused: the world is empty. Or the database cannot be written.</exception>
    public async Task RunAtStart()
    {
        if (options.Seed is not { } path)
            return;
        try
        {
            if (Unfinished is { } left && File.Exists(left))
                await replacement.Reset();
            if (turns.IsEmpty)
                log.LogInformation("The seed {Path} has made {Calls} calls", path, await RunWhole(Read(path)));
            else
                log.LogInformation("The seed {Path} is skipped, because {Database} is not empty", path, options.Database);
        }
        catch (Exception cause) when (cause is ServiceException or IOException or UnauthorizedAccessException)
        {
            throw new SeedException($"The seed {path} cannot be run: {cause.Message}", cause);
        }
    }

    /// <summary>Resets everything, and brings the world about.</summary>
    /// <exception cref="ServiceException">InvalidRequest: there is no seed, its files cannot be read, or a call is refused; the world is empty then.</exception>
    public async Task Reset(CancellationToken aborted)
    {
        if (options.Seed is not { } path)
            throw SeedPlaceholders.Refused("'seed' needs the setting seed, which is not given");
        await _oneReset.WaitAsync(aborted);
        try
        {
            var checkedSeeds = Read(path);
            await replacement.Reset();
            await RunAfterReset(checkedSeeds, aborted);
        }
        catch (SeedRefusedException refusal)
        {
            throw refusal.AsAnswer();
        }
        catch (SeedException cause)
        {
            throw ServiceError.InvalidRequest.Because(cause.Message);
        }
        finally
        {
            _oneReset.Release();
        }
    }

    public void Dispose() => _oneReset.Dispose();

    private async Task<int> RunWhole(IReadOnlyList<Seed> checkedSeeds)
    {
        if (Unfinished is { } marker)
            await File.WriteAllBytesAsync(marker, []);
        try
        {
            var made = await seeds.Run(checkedSeeds, Caller, results: null, CancellationToken.None);
            ForgetUnfinished();
            return made;
        }
        catch (SeedRefusedException)
        {
            await replacement.Reset();
            ForgetUnfinished();
            throw;
        }
    }

    private async Task RunAfterReset(IReadOnlyList<Seed> checkedSeeds, CancellationToken aborted)
    {
        var resets = turns.Resets.Value;
        try
        {
            await seeds.Run(checkedSeeds, Caller, results: null, aborted);
        }
        catch when (turns.Resets.Value == resets) // else another reset has ended it, and what came after that stays
        {
            await replacement.Reset();
            throw;
        }
    }

    private void ForgetUnfinished()
    {
        if (Unfinished is { } marker)
            File.Delete(marker);
    }

    private IReadOnlyList<Seed> Read(string path) => seeds.Check(SeedReader.ReadFiles(path), Caller);
}
