using System.Globalization;

namespace IoTJobsEmulator.RobustnessTests;

/// <summary>
/// How much a test does and by which chance. Without its variable in the environment it does little, and the same in every run. With it, as
/// much as it says, by other chance in each run; SEED=n repeats one.
/// </summary>
internal sealed class Extent
{
    private const int UsualSeed = 20260101;

    /// <summary>Only so that a test of something that hangs ends.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _variable;

    private Extent(string variable, int count, int seed) => (_variable, Count, Seed, Random) = (variable, count, seed, new(seed));

    public int Count { get; }

    public int Seed { get; }

    public Random Random { get; }

    public static Extent Of(string variable, int usual)
    {
        var wanted = Number(variable);
        return new(variable, wanted ?? usual, Number("SEED") ?? (wanted is null ? UsualSeed : Random.Shared.Next()));
    }

    /// <summary>The line that a test prints at its end.</summary>
    public void Report(string what) =>
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_variable}={Count} SEED={Seed}: {what}"));

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
