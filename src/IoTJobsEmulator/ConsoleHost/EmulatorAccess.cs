using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.WebConsole;

namespace IoTJobsEmulator.ConsoleHost;

/// <summary>Gives the console what it shows: the world in turns, the clock, and what has changed.</summary>
internal sealed class EmulatorAccess : IEmulator
{
    private readonly TurnGate _turns;
    private readonly EmulatorClock _clock;
    private readonly KestrelEndpoints _endpoints;
    private readonly InProcessApi _api;
    private long _changes, _resets;
    private ClockState _clockSeen;

    public EmulatorAccess(TurnGate turns, EmulatorClock clock, KestrelEndpoints endpoints, InProcessApi api, EmulatorOptions options)
    {
        (_turns, _clock, _endpoints, _api, _clockSeen) = (turns, clock, endpoints, api, clock.State);
        DefaultTenant = new(options.Account, options.Region);
        turns.AddListener(Count);
    }

    public Tenant DefaultTenant { get; }

    public IReadOnlyList<OpenPort> Ports => [.. _endpoints.OptionalPorts.Select(open => new OpenPort(open.Scheme, open.Port))];

    public ClockReading Clock => new(_clock.Now, _clock.IsFrozen);

    /// <summary>Turns that only set the clock reach no listener, so that its state is compared.</summary>
    public long Changes
    {
        get
        {
            var state = _clock.State;
            if (!ReferenceEquals(Interlocked.Exchange(ref _clockSeen, state), state))
                Interlocked.Increment(ref _changes);
            return Interlocked.Read(ref _changes);
        }
    }

    public long Resets => Interlocked.Read(ref _resets);

    public IReadOnlyList<Tenant> Tenants() => _turns.InTurn(world => world.Realms.Select(realm => realm.Tenant).ToList());

    public ValueTask<T> Read<T>(Tenant tenant, Func<Realm, T> query)
    {
        var realm = _turns.RealmOf(tenant.Account, tenant.Region);
        return _turns.Take(realm, () => query(realm));
    }

    public Task<ApiAnswer> Send(ApiRequest request, CancellationToken aborted) => _api.Send(request, aborted);

    private void Count(TurnEnded ended)
    {
        if (ended.IsReset)
            Interlocked.Increment(ref _resets);
        Interlocked.Increment(ref _changes);
    }
}
