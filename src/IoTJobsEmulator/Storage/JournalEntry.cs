using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>What one turn gives the journal to store, and how the turn is rolled back if it cannot be stored.</summary>
public sealed class JournalEntry
{
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>The state of the clock, if the turn set it.</summary>
    public ClockState? Clock { get; init; }

    /// <summary>Whether the turn deleted everything before its changes.</summary>
    public bool IsReset { get; init; }

    /// <summary>Whether the changes replace the world. They may be any number, only one such entry waits at a time, and they count for no backlog.</summary>
    public bool IsReplacement { get; init; }

    /// <summary>Rolls back what is not in <see cref="Changes"/>.</summary>
    public Action? RollBackOthers { get; init; }

    public void RollBack()
    {
        Realm.Undo(Changes.Reverse());
        RollBackOthers?.Invoke();
    }
}
