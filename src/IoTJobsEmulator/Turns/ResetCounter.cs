namespace IoTJobsEmulator.Turns;

/// <summary>
/// Counts resets. Whoever keeps something beyond its turn notes the value of that turn, and discards what it kept when the value
/// has changed. A reset that cannot be committed is counted too.
/// </summary>
public sealed class ResetCounter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    /// <summary>Called within the turn of a reset.</summary>
    internal void Increment() => Interlocked.Increment(ref _value);
}
