using System.Globalization;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// The name of an emulator's Meter and ActivitySource. Listeners choose by name only, so that each of the emulators that run in one process at the same time has
/// another: IoTJobsEmulator, IoTJobsEmulator.2 and so on.
/// </summary>
internal sealed class InstrumentationName : IDisposable
{
    public const string First = "IoTJobsEmulator";

    private static readonly Lock Sync = new();
    private static readonly HashSet<int> Taken = [];

    private readonly int _number;

    private InstrumentationName(int number) => _number = number;

    public string Text => _number == 1 ? First : string.Create(CultureInfo.InvariantCulture, $"{First}.{_number}");

    /// <summary>Takes the first that is free.</summary>
    public static InstrumentationName Take()
    {
        lock (Sync)
        {
            var number = 1;
            while (!Taken.Add(number))
                number++;
            return new(number);
        }
    }

    public void Dispose()
    {
        lock (Sync)
            Taken.Remove(_number);
    }
}
