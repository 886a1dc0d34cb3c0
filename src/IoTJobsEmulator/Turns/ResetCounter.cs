namespace IoTJobsEmulator.Turns;

/// <summary>
/// Counts how often the whole world was replaced, by a reset or a restore, those that cannot be committed too. Code that keeps something beyond its turn keeps the value of that turn with it,
/// and discards it when the value has changed.
/// </summary>
public sealed class ResetCounter
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    /// <summary>Called within the turn of a reset or a restore.</summary>
    internal void Increment() => Interlocked.Increment(ref _value);
}
