using System.Net.Http.Headers;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// The whole state, of all accounts and regions, as an SQLite file: what the settings <c>database</c>, <c>import</c> and <c>export</c> read and write.
/// MQTT sessions, settings and faults are not in it. Four files are sent or received at once at most.
/// </summary>
public sealed class StateClient
{
    private const string Path = "state";

    private static readonly MediaTypeHeaderValue Sqlite = new("application/vnd.sqlite3");

    private readonly EmulatorApi _api;

    internal StateClient(EmulatorApi api) => _api = api;

    /// <summary>Writes the state, as it is between two requests, to a stream. It takes as long as it takes.</summary>
    /// <param name="destination">Where to. It stays open.</param>
    /// <param name="cancellationToken">Gives up; a part of the file may have been written.</param>
    /// <exception cref="EmulatorException">Too many files are sent or received (ThrottlingException), or the emulator's disk is full.</exception>
    public Task GetAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return _api.CopyTo(Path, destination, cancellationToken);
    }

    /// <summary>Replaces the state by that of a file, or changes nothing. It takes as long as it takes.</summary>
    /// <param name="source">The file, of 1 GiB at most. It is read to its end and closed.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed, unless all of the file was sent.</param>
    /// <exception cref="EmulatorException">
    /// The file is too long, damaged, or no state of this version of the emulator (InvalidRequestException), or too many files are sent or received
    /// (ThrottlingException).
    /// </exception>
    public Task<EmulatorState> PutAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var content = new StreamContent(source) { Headers = { ContentType = Sqlite } };
        return _api.Send<EmulatorState>(HttpMethod.Put, Path, content, waits: Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);
    }
}

/// <summary>The state as it was put.</summary>
/// <param name="Now">The emulator's time, in UTC.</param>
/// <param name="Frozen">Whether the clock stands still.</param>
/// <param name="Rows">How many rows there are: things, groups and memberships, jobs, executions and what belongs to them.</param>
public sealed record EmulatorState(DateTimeOffset Now, bool Frozen, int Rows);
