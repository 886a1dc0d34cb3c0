using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi.Seeds;

/// <summary>
/// Reads seeds that run as one, in their order, and checks all that can be told before the first call: unknown operations and placeholders, and
/// the inputs into which nothing saved goes, of a repeated call the first and the last.
/// </summary>
/// <param name="operations">What can be called.</param>
internal sealed class SeedReader(SeedOperations operations)
{
    /// <summary>How many bytes the files of a seed have at most, each.</summary>
    public const int MaxFileBytes = 64 << 20;

    private static readonly JsonElement NoInput = JsonElement.Parse("{}");

    private readonly HashSet<string> _saved = [];
    private int _calls;

    /// <summary>The seed in a file, or those in the files of a folder that end in .json, in the ordinal order of their names.</summary>
    /// <exception cref="SeedException">A file cannot be read, or is no seed.</exception>
    public static IReadOnlyList<(string File, SeedDocument Document)> ReadFiles(string path)
    {
        try
        {
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal) : (IEnumerable<string>)[path];
            return [.. files.Select(file => (file, ReadFile(file)))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new SeedException($"The seed {path} cannot be read: {cause.Message}");
        }
    }

    /// <summary>Checks a seed.</summary>
    /// <exception cref="SeedRefusedException">A call is refused for its form.</exception>
    public Seed Check(string source, SeedDocument document, SeedContext context) => new(
        source, document.Account, document.Region,
        [.. document.Calls!.Select((call, place) => Check(source, call, place + 1, context))]);

    private SeedCall Check(string source, SeedCallDocument written, int number, SeedContext context)
    {
        SeedPlace place = new(source, number, written.Operation!, null);
        try
        {
            var call = new SeedCall(number, operations.Find(written.Operation!, written.Service), InputOf(written), written.Repeat, written.Save);
            if (call is { Repeat: not null, Save: not null })
                throw SeedPlaceholders.Refused("'save' and 'repeat' exclude each other");
            if ((_calls += call.Repeat ?? 1) > Seed.MaxCalls)
                throw ServiceError.LimitExceeded.Because($"A seed calls {Seed.MaxCalls} times at most, repetitions included.");
            string[] placeholders = [.. SeedPlaceholders.In(call.Input)];
            foreach (var placeholder in placeholders)
                CheckKnown(placeholder, call);
            call = call with { HasPlaceholders = placeholders.Length > 0 };
            if (Array.TrueForAll(placeholders, placeholder => placeholder == SeedPlaceholders.Number))
                CheckInputs(call, context, ref place);
            if (call.Save is not null)
                _saved.Add(call.Save);
            return call;
        }
        catch (ServiceException refusal)
        {
            throw new SeedRefusedException(place, refusal.Error.Name, refusal);
        }
    }

    private static JsonElement InputOf(SeedCallDocument written)
    {
        var input = written.Input ?? NoInput;
        return input.ValueKind == JsonValueKind.Object ? input : throw SerializationErrors.ForValue(input.GetRawText(), "input", typeof(string), "an object");
    }

    private void CheckKnown(string placeholder, SeedCall call)
    {
        if (placeholder == SeedPlaceholders.Number && call.Repeat is null)
            throw SeedPlaceholders.Refused("'${n}' stands in a call without 'repeat'");
        if (placeholder != SeedPlaceholders.Number && !_saved.Contains(placeholder.Split('.')[0]))
            throw SeedPlaceholders.Refused($"'${{{placeholder}}}' is unknown: no call before saves it. $${{ stands for ${{");
    }

    private static void CheckInputs(SeedCall call, SeedContext context, ref SeedPlace place)
    {
        foreach (var n in call.Repeat is { } last ? [1, last] : new int?[] { null })
        {
            place = place with { N = n };
            call.Operation.Prepare(new SeedValues { N = n }.InputOf(call), context);
        }
        place = place with { N = null };
    }

    private static SeedDocument ReadFile(string file)
    {
        if (new FileInfo(file) is { Length: > MaxFileBytes } big)
            throw new SeedException($"{file} has {big.Length} bytes: a file of a seed has {MaxFileBytes} at most.");
        try
        {
            var type = WireJson.OptionsOf(typeof(SeedDocument)).GetTypeInfo(typeof(SeedDocument));
            var document = (SeedDocument?)RequestBody.Parse(File.ReadAllBytes(file), type, "The seed") ?? new();
            Constraints.Check(document);
            return document;
        }
        catch (ServiceException refusal)
        {
            throw new SeedException($"{file}: {refusal.Message}");
        }
    }
}
