using FsCheck;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>
/// The random inputs of the tests of properties. They are the same in every run. HISTORIES=5000 tries as many others in each test; a failure
/// shows its input, shrunk.
/// </summary>
internal static class RandomInputs
{
    private static readonly string? Wanted = Environment.GetEnvironmentVariable("HISTORIES");

    /// <param name="usual">How many inputs are tried when nobody asks for more.</param>
    public static Config Config(int usual = 100) => Wanted is null
        ? FsCheck.Config.QuickThrowOnFailure.WithMaxTest(usual).WithReplay(20260101, 1)
        : FsCheck.Config.QuickThrowOnFailure.WithMaxTest(int.Parse(Wanted));
}
