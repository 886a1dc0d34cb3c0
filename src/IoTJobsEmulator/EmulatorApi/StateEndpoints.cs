using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>The whole world, of all accounts and regions, as a file.</summary>
internal sealed class StateEndpoints(StateFiles files, EmulatorClock clock)
{
    public const string ContentType = "application/vnd.sqlite3";

    /// <param name="Now">The emulator's time.</param>
    /// <param name="Frozen">Whether it stands still.</param>
    /// <param name="Rows">How many rows there are: things, groups and memberships, jobs, executions and whatever belongs to them.</param>
    public sealed record StateView(string Now, bool Frozen, int Rows);

    /// <summary>Answers the world as an SQLite file, as it is in one turn: what --database keeps, without MQTT sessions and messages.</summary>
    public ValueTask<Stream> GetState() => files.Download();

    /// <summary>Replaces the world by that of such a file, in one turn, or refuses the file whole. MQTT clients stay connected and hear nothing of it.</summary>
    /// <param name="file">The file, of 1 GiB at most.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<StateView> PutState(Stream file, CancellationToken aborted)
    {
        var rows = await files.Upload(file, aborted);
        return new(clock.Now.ToString(), clock.IsFrozen, rows);
    }
}
