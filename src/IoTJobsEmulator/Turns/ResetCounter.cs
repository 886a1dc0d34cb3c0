namespace IoTJobsEmulator.Turns;

/// <summary>
/// Counts resets, those that cannot be committed too. Code that keeps something beyond its turn keeps the value of that turn with it,
/// and discards it when the value has changed.
/// </summary>
public sealed class ResetCounter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    /// <summary>Called within the turn of a reset.</summary>
    internal void Increment() => Interlocked.Increment(ref _value);
}
