using System.Globalization;

namespace IoTJobsEmulator.Http;

/// <summary>Ids of requests, in the form of UUIDs: what is random differs between runs, the rest counts.</summary>
internal static class RequestId
{
    private static readonly string Run = $"{Random.Shared.Next():x8}-{Random.Shared.Next(0x10000):x4}-4{Random.Shared.Next(0x1000):x3}-a{Random.Shared.Next(0x1000):x3}";

    private static long s_last;

    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"{Run}-{Interlocked.Increment(ref s_last):x12}");
}
