using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>An emulator of rows alone: a world that the test fills, a clock that it sets, and answers of the API that it gives.</summary>
internal sealed class FakeEmulator : IEmulator
{
    public static readonly Moment Start = Moment.Of(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private int _ids;

    public FakeEmulator() => World = new(() => new Guid(++_ids, 0, 0, new byte[8])) { Now = Start, Settings = new() { Rollout = RolloutMode.paced } };

    public World World { get; }

    public Realm Realm => World.Realm(DefaultTenant.Account, DefaultTenant.Region);

    /// <summary>How many reads there were.</summary>
    public int Reads { get; private set; }

    /// <summary>What was asked of the API, in order.</summary>
    public List<ApiRequest> Asked { get; } = [];

    /// <summary>What the API answers.</summary>
    public Func<ApiRequest, CancellationToken, Task<ApiAnswer>> Answer { get; set; } = (_, _) => Task.FromResult(new ApiAnswer(200, null, "{}"));

    public Tenant DefaultTenant { get; } = new("123456789012", "us-east-1");

    public IReadOnlyList<OpenPort> Ports => [new("mqtt", 1883)];

    public ClockReading Clock => new(World.Now, IsFrozen: true);

    public long Changes { get; private set; }

    public long Resets { get; set; }

    public IReadOnlyList<Tenant> Tenants() => [.. World.Realms.Select(realm => realm.Tenant)];

    public ValueTask<T> Read<T>(Tenant tenant, Func<Realm, T> query)
    {
        Reads++;
        var answer = query(World.Realm(tenant.Account, tenant.Region));
        Assert.Empty(World.Realm(tenant.Account, tenant.Region).Changes);
        return new(answer);
    }

    public Task<ApiAnswer> Send(ApiRequest request, CancellationToken aborted)
    {
        Asked.Add(request);
        return Answer(request, aborted);
    }

    /// <summary>A turn of somebody else.</summary>
    public void Turn(Action<Realm> change)
    {
        change(Realm);
        Realm.TakeChanges();
        Changes++;
    }

    public void Pass(TimeSpan time)
    {
        World.Now += time;
        Changes++;
    }

    public void Create(string jobId, params string[] things) => CreateWith(jobId, new(), things);

    public void CreateWith(string jobId, CreateJob.Request request, params string[] things) => Turn(realm =>
    {
        foreach (var thing in things)
        {
            if (realm.Things.Find(thing) is null)
                CreateThing.Handle(realm, thing, null);
        }
        CreateJob.Handle(realm, jobId, request with { Document = "{}", Targets = new(things.Select(thing => Arn.OfThing(realm, thing))) });
    });
}
