namespace IoTJobsEmulator.Benchmarks;

/// <summary>Waiting for a server from outside, where there is nothing to wait on but the machine's time.</summary>
internal static class Pause
{
#pragma warning disable RS0030 // the one place that sleeps: what is measured is real time
    public static void For(double milliseconds) => Thread.Sleep(TimeSpan.FromMilliseconds(milliseconds));
#pragma warning restore RS0030
}
