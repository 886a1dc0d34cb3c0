namespace IoTJobsEmulator.Testing;

/// <summary>
/// The emulator's clock, which all accounts and regions share. Whatever is due, such as timeouts, rollouts, schedules and retries, happens by this
/// clock. Its resolution is a millisecond.
/// </summary>
public sealed class ClockClient
{
    private const string Path = "clock";

    private readonly EmulatorApi _api;

    internal ClockClient(EmulatorApi api) => _api = api;

    /// <summary>Reads the clock.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<ClockState> GetAsync(CancellationToken cancellationToken = default) =>
        _api.Send<ClockState>(HttpMethod.Get, Path, cancellationToken: cancellationToken);

    /// <summary>Moves the clock ahead, frozen or not. Completes when all that falls due on the way is done, each at its own moment, however long that takes.</summary>
    /// <param name="by">How far: from zero to about a century.</param>
    /// <param name="cancellationToken">Stops it: the clock then stands at the last moment at which something was done.</param>
    /// <returns>The clock afterwards.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    /// <exception cref="EmulatorException">The clock would pass the year 9000.</exception>
    public Task<ClockState> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return _api.Send<ClockState>(HttpMethod.Post, Path + "/advance", new { by }, waits: Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);
    }

    /// <summary>Has the clock stand still at its present moment, until it is advanced, set or let run.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The clock afterwards.</returns>
    public Task<ClockState> FreezeAsync(CancellationToken cancellationToken = default) => Put(null, frozen: true, cancellationToken);

    /// <summary>Sets the clock, as <see cref="SetAsync"/> does, and has it stand still there.</summary>
    /// <param name="now">The moment, from the year 1000 to 9000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The clock afterwards.</returns>
    public Task<ClockState> FreezeAsync(DateTimeOffset now, CancellationToken cancellationToken = default) => Put(now, frozen: true, cancellationToken);

    /// <summary>
    /// Sets the clock, which runs on from there, or stays frozen there if it was frozen. Setting it ahead does all that falls due on the way; setting it
    /// back does nothing.
    /// </summary>
    /// <param name="now">The moment, from the year 1000 to 9000.</param>
    /// <param name="cancellationToken">Stops it: the clock then stands at the last moment at which something was done.</param>
    /// <returns>The clock afterwards.</returns>
    public Task<ClockState> SetAsync(DateTimeOffset now, CancellationToken cancellationToken = default) => Put(now, frozen: null, cancellationToken);

    /// <summary>Lets a frozen clock run on from where it stands.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The clock afterwards.</returns>
    public Task<ClockState> RunAsync(CancellationToken cancellationToken = default) => Put(null, frozen: false, cancellationToken);

    private Task<ClockState> Put(DateTimeOffset? now, bool? frozen, CancellationToken cancellationToken) =>
        _api.Send<ClockState>(HttpMethod.Put, Path, new { now, frozen }, waits: Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);
}

/// <summary>The emulator's clock at a moment.</summary>
/// <param name="Now">Its time, in UTC.</param>
/// <param name="Frozen">Whether it stands still.</param>
public sealed record ClockState(DateTimeOffset Now, bool Frozen);
