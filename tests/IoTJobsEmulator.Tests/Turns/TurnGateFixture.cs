using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>
/// A world behind its gate, with the simplest due work: a job that is being deleted is removed when its time has come, the removal
/// of a job named "broken" throws, and a job named "stuck" stays.
/// </summary>
internal sealed class TurnGateFixture : IDisposable
{
    private int _ids;

    public TurnGateFixture(string? databaseFile = null, ManualTime? machine = null)
    {
        Machine = machine ?? new();
        World = new(() => new Guid(++_ids, 0, 0, new byte[8]));
        Clock = new(Machine);
        Turns = new(World, Clock, new(databaseFile), new ListLogger(Log), NextDue);
        DueWork = new(Turns, Clock, DoDueWork, world => world.Realms.Min(NextDue));
        DueWorkThatMayWait = new(Turns, Clock, DoDueWork, world => world.Realms.SelectMany(realm => realm.Jobs.Due.Rows).Where(job => job.JobId == "must-be").Min(job => job.DueAt));
        ClockControl = new(Turns, Clock, DueWork);
        Replacement = new(Turns, Clock);
        Turns.AddListener(Ended.Add);
        Turns.Load();
    }

    public ManualTime Machine { get; }

    public World World { get; }

    public EmulatorClock Clock { get; }

    public TurnGate Turns { get; }

    public Journal Journal => Turns.Journal;

    public DueWorkRunner DueWork { get; }

    /// <summary>The same, but that all other jobs than "must-be" may be removed later than their moment.</summary>
    public DueWorkRunner DueWorkThatMayWait { get; }

    public ClockControl ClockControl { get; }

    public WorldReplacement Replacement { get; }

    /// <summary>What listeners were given, in order.</summary>
    public List<TurnEnded> Ended { get; } = [];

    /// <summary>Which job was gone when.</summary>
    public List<(string JobId, Moment At)> Gone { get; } = [];

    public List<string> Log { get; } = [];

    /// <summary>Runs within each step of due work.</summary>
    public Action DuringStep { get; set; } = () => { };

    public Realm Realm => Turns.RealmOf("123456789012", "us-east-1");

    public Moment Now => Clock.Now;

    public ValueTask<Change<Thing>> CreateThing(string name) => Turns.Take(Realm, () => PutThing(Realm, name));

    public ValueTask<Change<Thing>> RenameType(string name, string type) =>
        Turns.Take(Realm, () => Realm.Things.Change(name, thing => thing with { ThingTypeName = type }));

    public ValueTask<Change<Job>> DeleteJobAt(string jobId, Moment goneAt) => Turns.Take(Realm, () => Realm.Jobs.Put(new()
    {
        JobId = jobId,
        Ordinal = Realm.NextOrdinal(),
        TargetSelection = TargetSelection.SNAPSHOT,
        Status = JobStatus.DELETION_IN_PROGRESS,
        Targets = [],
        CreatedAt = Realm.Now,
        LastUpdatedAt = Realm.Now,
        DeletionEndsAt = goneAt,
    }));

    public string ThingNames => string.Join(' ', Realm.Things.ByName.Rows.Select(thing => thing.ThingName));

    public static Change<Thing> PutThing(Realm realm, string name) =>
        realm.Things.Put(new() { ThingName = name, ThingId = realm.NewId(), Ordinal = realm.NextOrdinal() });

    public void Dispose()
    {
        ClockControl.Dispose();
        Replacement.Dispose();
        Turns.Dispose();
    }

    private static Moment? NextDue(Realm realm) => realm.Jobs.Due.First?.DueAt;

    private Realm? DoDueWork(World world)
    {
        DuringStep();
        var realm = world.Realms.Where(realm => realm.Jobs.Due.Any).MinBy(realm => realm.Jobs.Due.First!.DueAt);
        if (realm?.Jobs.Due.First is not { } job || job.DueAt > world.Now || job.JobId == "stuck")
            return null;
        realm.Jobs.Remove(job.JobId);
        if (job.JobId == "broken")
            throw new InvalidOperationException("broken");
        Gone.Add((job.JobId, world.Now));
        return realm;
    }
}
