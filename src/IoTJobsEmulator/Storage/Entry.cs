using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>What one turn leaves to be remembered, and how it is taken back if it cannot be.</summary>
public sealed class Entry
{
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>The clock, if the turn set it.</summary>
    public ClockState? Clock { get; init; }

    /// <summary>Whether the turn began with forgetting everything: a reset.</summary>
    public bool StartsAfresh { get; init; }

    /// <summary>Takes back what is not in <see cref="Changes"/>.</summary>
    public Action? TakeBack { get; init; }

    public void Undo()
    {
        Realm.Undo(Changes.Reverse());
        TakeBack?.Invoke();
    }
}
