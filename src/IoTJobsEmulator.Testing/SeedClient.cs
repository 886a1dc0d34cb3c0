using System.Net.Mime;
using System.Text;
using System.Text.Json;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// Seeds: calls of operations as JSON, of 1 MiB at most and 1 000 000 calls with their repetitions, which are made one after the other, beside whatever
/// is there.
/// </summary>
public sealed class SeedClient
{
    private readonly EmulatorApi _api;

    internal SeedClient(EmulatorApi api) => _api = api;

    /// <summary>Makes the calls of a seed. It takes as long as it takes.</summary>
    /// <param name="json">The seed: <c>{"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}]}</c>. It may have comments.</param>
    /// <param name="account">The account and region of a seed that names none itself; those of the emulator's settings when null.</param>
    /// <param name="cancellationToken">Stops it between two calls. Those before stay.</param>
    /// <returns>What came of each call.</returns>
    /// <exception cref="EmulatorException">
    /// A call was refused: <see cref="EmulatorException.SeedCall"/> says which. One that is wrong in form is refused before the first is made; else those
    /// before it stay.
    /// </exception>
    public Task<SeedResult> RunAsync(string json, EmulatorAccount? account = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        var content = new StringContent(json, Encoding.UTF8, MediaTypeNames.Application.Json);
        return _api.Send<SeedResult>(HttpMethod.Post, "seed", content, account, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Makes the calls of a seed in a file, as <see cref="RunAsync"/> does.</summary>
    /// <param name="path">The file, on the test's machine.</param>
    /// <param name="account">The account and region of a seed that names none itself; those of the emulator's settings when null.</param>
    /// <param name="cancellationToken">Stops it between two calls. Those before stay.</param>
    /// <returns>What came of each call.</returns>
    /// <exception cref="EmulatorException">A call was refused: <see cref="EmulatorException.SeedCall"/> says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<SeedResult> RunFileAsync(string path, EmulatorAccount? account = null, CancellationToken cancellationToken = default) =>
        await RunAsync(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), account, cancellationToken).ConfigureAwait(false);
}

/// <summary>What came of a seed.</summary>
/// <param name="Calls">How many calls were made, repetitions included.</param>
/// <param name="Results">What came of each call, in their order.</param>
public sealed record SeedResult(int Calls, IReadOnlyList<SeedCallResult> Results);

/// <summary>What came of a call of a seed.</summary>
/// <param name="Call">Its place in the seed, from 1.</param>
/// <param name="Operation">What it called.</param>
/// <param name="Count">How often a call with <c>repeat</c> was made; null for one without.</param>
/// <param name="Output">What was answered. Null for a repeated call, and when it is left out.</param>
/// <param name="IsOutputCut">Whether the output is left out, because those before it are more than a megabyte.</param>
public sealed record SeedCallResult(int Call, string Operation, int? Count = null, JsonElement? Output = null, bool IsOutputCut = false);
