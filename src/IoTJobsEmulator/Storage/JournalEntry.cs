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

    /// <summary>The rows that the turn put in the place of all others, before its changes; null for none.</summary>
    public StagedRows? Replacement { get; init; }

    /// <summary>Rolls back what is not in <see cref="Changes"/>.</summary>
    public Action? RollBackOthers { get; init; }

    public void RollBack()
    {
        Realm.Undo(Changes.Reverse());
        RollBackOthers?.Invoke();
    }
}
