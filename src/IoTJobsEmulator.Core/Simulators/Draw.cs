using System.Globalization;

namespace IoTJobsEmulator.Core.Simulators;

/// <summary>
/// What simulated devices draw instead of chance. A draw follows from the seed and from names alone, so that it does not depend on the order of
/// events and is the same in every run, on every machine and with every version of .NET.
/// It is the FNV-1a hash, 64 bits, of the text <c>SEED/WHAT/THING/JOB/NUMBER</c> in UTF-8, mixed by the last three steps of SplitMix64. JOB is
/// empty and NUMBER is 0 where a draw concerns the thing alone.
/// </summary>
internal static class Draw
{
    public const string Offline = "offline", Outcome = "outcome", Duration = "duration";

    private const ulong FnvOffset = 14695981039346656037, FnvPrime = 1099511628211;

    /// <summary>A number from 0 to below a limit.</summary>
    /// <param name="limit">How many numbers there are, at least 1.</param>
    /// <param name="seed">The seed of the simulator.</param>
    /// <param name="what">What is drawn: the draws for one execution are independent of each other.</param>
    /// <param name="thingName">The thing. As those of jobs, its characters are ASCII.</param>
    /// <param name="jobId">The job; empty for a draw that concerns the thing alone.</param>
    /// <param name="executionNumber">The number of the execution.</param>
    public static long Below(long limit, int seed, string what, string thingName, string jobId = "", long executionNumber = 0)
    {
        Span<char> number = stackalloc char[20];
        seed.TryFormat(number, out var length, provider: CultureInfo.InvariantCulture);
        var hash = Add(FnvOffset, number[..length]);
        hash = Add(Add(hash, "/"), what);
        hash = Add(Add(hash, "/"), thingName);
        hash = Add(Add(hash, "/"), jobId);
        executionNumber.TryFormat(number, out length, provider: CultureInfo.InvariantCulture);
        hash = Add(Add(hash, "/"), number[..length]);
        return (long)(Mixed(hash) % (ulong)limit);
    }

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            hash = unchecked((hash ^ (byte)character) * FnvPrime);
        return hash;
    }

    private static ulong Mixed(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
            return hash ^ (hash >> 31);
        }
    }
}
