using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Snapshots of the whole world, of all accounts and regions.</summary>
internal sealed class SnapshotEndpoints(Snapshots snapshots)
{
    public sealed record SnapshotsView(IReadOnlyList<SnapshotView> Snapshots);

    /// <param name="Name">Its name.</param>
    /// <param name="Now">The emulator's time in it, to which a restore sets the clock.</param>
    /// <param name="Frozen">Whether the clock stands still in it.</param>
    /// <param name="Rows">How many rows it has: things, groups and memberships, jobs, executions and whatever belongs to them.</param>
    public sealed record SnapshotView(string Name, string Now, bool Frozen, int Rows)
    {
        public static SnapshotView Of(Snapshot snapshot) => new(snapshot.Name, snapshot.Now.ToString(), snapshot.IsFrozen, snapshot.Rows);
    }

    private sealed class SnapshotNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_.-]+");

    /// <summary>Lists the snapshots by name.</summary>
    public ValueTask<SnapshotsView> ListSnapshots() => new(new SnapshotsView([.. snapshots.All.Select(SnapshotView.Of)]));

    /// <summary>Takes a snapshot of everything, in one turn: all accounts and regions, clock and settings. It replaces one of the same name.</summary>
    /// <param name="name">Its name.</param>
    public async ValueTask<SnapshotView> TakeSnapshot([Required, SnapshotName] string name) => SnapshotView.Of(await snapshots.Take(name));

    /// <summary>Shows a snapshot.</summary>
    /// <param name="name">Its name.</param>
    public ValueTask<SnapshotView> GetSnapshot([Required, SnapshotName] string name) => new(SnapshotView.Of(snapshots.Get(name)));

    /// <summary>Makes everything as it was in a snapshot, in one turn. The snapshot stays. MQTT clients stay connected and hear nothing of it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<SnapshotView> RestoreSnapshot([Required, SnapshotName] string name, CancellationToken aborted) =>
        SnapshotView.Of(await snapshots.Restore(name, aborted));

    /// <summary>Removes a snapshot, and answers it.</summary>
    /// <param name="name">Its name.</param>
    public ValueTask<SnapshotView> DeleteSnapshot([Required, SnapshotName] string name) => new(SnapshotView.Of(snapshots.Delete(name)));
}
