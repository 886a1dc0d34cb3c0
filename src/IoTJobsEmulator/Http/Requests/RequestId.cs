using System.Globalization;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>Ids of requests, in the form of UUIDs: one part is random and the same during a run, the last part counts.</summary>
internal static class RequestId
{
    private static readonly string Run = $"{Random.Shared.Next():x8}-{Random.Shared.Next(0x10000):x4}-4{Random.Shared.Next(0x1000):x3}-a{Random.Shared.Next(0x1000):x3}";

    private static long s_last;

    public static string Next() => string.Create(Run.Length + "-000000000000".Length, Interlocked.Increment(ref s_last), static (id, number) =>
    {
        Run.CopyTo(id);
        id[Run.Length] = '-';
        number.TryFormat(id[(Run.Length + 1)..], out _, "x12", CultureInfo.InvariantCulture);
    });
}
