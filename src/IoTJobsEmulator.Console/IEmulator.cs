using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole;

/// <summary>The emulator as the console sees it. What the console shows it reads in turns; what it does it asks of the emulator's HTTP API.</summary>
public interface IEmulator
{
    /// <summary>The account and region of callers that state none.</summary>
    Tenant DefaultTenant { get; }

    /// <summary>The ports beside the one of HTTP.</summary>
    IReadOnlyList<OpenPort> Ports { get; }

    ClockReading Clock { get; }

    /// <summary>Grows with each turn that changed something, and with each change of the clock. Reading it takes no turn.</summary>
    long Changes { get; }

    /// <summary>How often everything was reset since the console was made. A snapshot that was restored is no reset.</summary>
    long Resets { get; }

    /// <summary>The accounts and regions that have anything, in the order of their first row.</summary>
    IReadOnlyList<Tenant> Tenants();

    /// <summary>Reads in a turn. Other requests wait meanwhile, so it must be short: some thousand rows.</summary>
    /// <param name="tenant">The account and region.</param>
    /// <param name="query">Reads, and changes nothing. What it answers must not be enumerated lazily after the turn.</param>
    /// <exception cref="ServiceException">The database could not be written, so that what was read may be undone.</exception>
    ValueTask<T> Read<T>(Tenant tenant, Func<Realm, T> query);

    /// <summary>Sends a request to the emulator's HTTP API and answers what it answers, errors included.</summary>
    /// <param name="request">The request.</param>
    /// <param name="aborted">Ends the request, as a client that goes.</param>
    /// <exception cref="OperationCanceledException">The request was ended.</exception>
    Task<ApiAnswer> Send(ApiRequest request, CancellationToken aborted);
}

/// <summary>The emulator's clock.</summary>
/// <param name="Now">Its time.</param>
/// <param name="IsFrozen">Whether it stands still.</param>
public readonly record struct ClockReading(Moment Now, bool IsFrozen);

/// <summary>A port for devices: <c>mqtt</c>, <c>mqtts</c> or <c>https</c>.</summary>
public sealed record OpenPort(string Scheme, int Port);
