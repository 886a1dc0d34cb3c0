namespace IoTJobsEmulator.Storage;

/// <summary>
/// What is to be written of the broker's rows: of each the last state, in no order. What could not be written waits here for the next
/// batch, because the broker, other than the world, cannot be rolled back: its messages have been delivered.
/// </summary>
internal sealed class BrokerChanges
{
    private readonly Dictionary<object, BrokerChange> _byKey = [];

    public IReadOnlyCollection<BrokerChange> All => _byKey.Values;

    /// <summary>Adds a change. A row that was added here and is deleted now leaves nothing behind: what waits has no more rows than the broker.</summary>
    public void Add(BrokerChange change)
    {
        var key = change.Row.Key;
        if (_byKey.TryGetValue(key, out var earlier))
        {
            if (earlier.IsNew && change.IsDeleted)
            {
                _byKey.Remove(key);
                return;
            }
            change = change with { IsNew = earlier.IsNew };
        }
        _byKey[key] = change;
    }

    public void AddAll(BrokerChanges later)
    {
        foreach (var change in later._byKey.Values)
            Add(change);
    }
}

/// <summary>A row of the broker that is to be written or deleted.</summary>
/// <param name="Row">The row. One that is deleted needs only its key.</param>
/// <param name="IsDeleted">Whether it is deleted.</param>
/// <param name="IsNew">Whether the file has no row with its key, so that nothing need be deleted there.</param>
internal sealed record BrokerChange(BrokerRow Row, bool IsDeleted = false, bool IsNew = false);
