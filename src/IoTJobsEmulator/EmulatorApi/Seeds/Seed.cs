using System.Globalization;
using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>A seed whose calls are known to be right in form.</summary>
/// <param name="Source">Where it comes from, for the texts of refusals: a file, or <see cref="Sent"/>.</param>
/// <param name="Account">The account of its calls; null for that of the caller.</param>
/// <param name="Region">The region of its calls; null for that of the caller.</param>
/// <param name="Calls">Its calls.</param>
internal sealed record Seed(string Source, string? Account, string? Region, IReadOnlyList<SeedCall> Calls)
{
    /// <summary>How often seeds that run as one may call in all.</summary>
    public const int MaxCalls = 1_000_000;

    /// <summary>The source of a seed that came in a request.</summary>
    public const string Sent = "seed";
}

/// <summary>A call of a seed.</summary>
/// <param name="Number">Its place in the seed, from 1.</param>
/// <param name="Operation">What it calls.</param>
/// <param name="Input">Its input, an object in which placeholders may stand.</param>
/// <param name="Repeat">How often it is called; null for once, and without a number.</param>
/// <param name="Save">The name under which its answer is kept; null for none.</param>
internal sealed record SeedCall(int Number, SeedOperation Operation, JsonElement Input, int? Repeat, string? Save)
{
    /// <summary>Whether placeholders stand in the input.</summary>
    public bool HasPlaceholders { get; init; }

    /// <summary>Its name, and the number of the repetition, if it is repeated.</summary>
    public SeedPlace PlaceIn(Seed seed, int? n) => new(seed.Source, Number, Operation.Name, n);
}

/// <summary>A place in a seed, for the texts of refusals.</summary>
internal readonly record struct SeedPlace(string Source, int Call, string Operation, int? N);

/// <summary>Seeds cannot be run. The message is shown to the user.</summary>
public class SeedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A call of a seed is refused.</summary>
/// <param name="place">The call that is refused.</param>
/// <param name="error">The name of the error in the operation's API.</param>
/// <param name="cause">The refusal of the operation.</param>
internal sealed class SeedRefusedException(SeedPlace place, string error, ServiceException cause) : SeedException(
    $"{place.Source}: call {place.Call}, {place.Operation}{(place.N is { } n ? $" with n = {n}" : "")} ({error}): {cause.Message}", cause)
{
    public SeedPlace Place => place;

    /// <summary>The name of the error in the operation's API.</summary>
    public string Error => error;

    /// <summary>How many calls were made before; 0 when the seed was refused for its form, before the first.</summary>
    public int Made { get; init; }

    /// <summary>The refusal as the caller of an endpoint gets it: its members name the call.</summary>
    /// <param name="afterwards">What has become of the calls before.</param>
    public ServiceException AsAnswer(string? afterwards = null)
    {
        var members = new Dictionary<string, string> { ["call"] = Invariant(place.Call), ["operation"] = place.Operation, ["error"] = error };
        if (place.N is { } n)
            members["n"] = Invariant(n);
        var answered = cause.Error.Status >= 500 ? cause.Error : ServiceError.InvalidRequest;
        var text = afterwards is null ? Message : $"{Message.TrimEnd('.')}. {afterwards}";
        return new(answered, text) { Members = members };
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
