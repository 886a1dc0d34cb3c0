using System.Reflection;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>
/// The realm that a test works with. Its clock stands until the test moves it, and its ids count from one, so that a test can write down
/// a whole answer and a whole list of changes. What is put into the realm is arranged by the extension methods of this folder, which
/// call the operations themselves.
/// </summary>
public sealed class TestRealm
{
    /// <summary>2026-01-01 00:00 UTC, a Thursday.</summary>
    public static readonly Moment Start = Moment.Of(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Changes of one turn of due work: the rows of a step, one more that follows from each, as a retry does, and those of jobs and targets.</summary>
    private const int MaxChangesPerTurn = (2 * DueWork.ChangesPerTurn) + 10;

    private int _ids;

    public TestRealm() => (World, Realm) = NewWorld();

    public World World { get; private set; }

    public Realm Realm { get; private set; }

    public Moment Now => World.Now;

    /// <summary>What the turns that were committed have announced, in order.</summary>
    public List<Announcement> Announced { get; } = [];

    /// <summary>How many rows each turn of due work has changed, and at what moment.</summary>
    public List<(Moment At, int Changes)> Turns { get; } = [];

    public static implicit operator Realm(TestRealm test) => test.Realm;

    /// <summary>The n-th id that the realm gave out.</summary>
    public static string Id(int n) => $"00000000-0000-0000-0000-{n:D12}";

    /// <summary>What is wrong with the arguments of an operation, realm first, before it is called.</summary>
    public static IReadOnlyList<string> Violations(Delegate handle, params object?[] arguments) =>
        [.. Constraints.For(handle.Method).Violations(arguments).Select(violation => violation.Replace(" failed to satisfy constraint: Member must", ":", StringComparison.Ordinal))];

    /// <summary>Calls an operation for a simulated device, without faults and journal.</summary>
    public static object Call(SimulatedCaller caller, Delegate operation, object?[] arguments)
    {
        var changes = caller.Realm.Changes.Count;
        try
        {
            return MethodInvoker.Create(operation.Method).Invoke(operation.Target, arguments.AsSpan())!;
        }
        catch (ServiceException)
        {
            caller.Realm.UndoTo(changes);
            throw;
        }
    }

    // Turns

    /// <summary>Ends the turn of an operation and answers what it announces.</summary>
    public IReadOnlyList<Announcement> Commit() => Commit(Realm);

    /// <summary>Ends the turn of an operation without announcing anything, and answers its changes as rows before and after.</summary>
    public IReadOnlyList<(object? Before, object? After)> TakeChanges() =>
        [.. Realm.TakeChanges().Select(change => (change.RowBefore, change.RowAfter))];

    /// <summary>The same, each row once: as it was before all changes and as it is after them.</summary>
    public IReadOnlyList<(object? Before, object? After)> TakeNetChanges()
    {
        List<(object? Before, object? After)> net = [];
        foreach (var (before, after) in TakeChanges())
        {
            var earlier = before is null ? -1 : net.FindIndex(change => ReferenceEquals(change.After, before));
            if (earlier < 0)
                net.Add((before, after));
            else
                net[earlier] = (net[earlier].Before, after);
        }
        return net;
    }

    /// <summary>Asserts that the operation is refused with this error and text; its turn is undone.</summary>
    public ServiceException AssertRefused(ServiceError error, string message, Action operation)
    {
        Commit();
        var refusal = Assert.Throws<ServiceException>(operation);
        Realm.Undo();
        Assert.Equal((error, message), (refusal.Error, refusal.Message));
        return refusal;
    }

    // The clock and due work

    /// <summary>Moves the clock; what falls due meanwhile is not done, as if the emulator had been down.</summary>
    public void Jump(TimeSpan time) => JumpTo(Now + time);

    /// <inheritdoc cref="Jump"/>
    public void JumpTo(Moment time)
    {
        Commit();
        World.Now = time;
    }

    /// <summary>Moves the clock from one due moment to the next and does what is due, as the emulator does. Then the whole world is checked.</summary>
    public void Advance(TimeSpan time) => AdvanceTo(Now + time);

    /// <inheritdoc cref="Advance"/>
    public void AdvanceTo(Moment end)
    {
        Commit();
        while (DueWork.NextDue(World) is { } at && at <= end)
        {
            World.Now = Moment.Later(at, World.Now);
            Assert.NotNull(Step());
            Assert.True(Turns.Count < 100_000, "due work does not come to an end");
        }
        World.Now = end;
        this.AssertSound();
    }

    /// <summary>Advances minute by minute and answers what is counted after each: <c>[1000, 2000, 3000]</c>.</summary>
    public List<int> EachMinute(int minutes, Func<int> count) => [.. Enumerable.Range(0, minutes).Select(_ =>
    {
        Advance(Minutes(1));
        return count();
    })];

    /// <summary>Does what is due by now; answers how many rows each turn changed.</summary>
    public List<int> DoDueWork()
    {
        var before = Turns.Count;
        AdvanceTo(Now);
        return Turns[before..].ConvertAll(turn => turn.Changes);
    }

    /// <summary>One turn of due work; answers how many rows it changed, or null when nothing was due.</summary>
    public int? Step()
    {
        Commit();
        if (DueWork.Step(World) is not { } realm)
            return null;
        var changes = realm.Changes.Count;
        // The device of each thing may be scheduled, too.
        Assert.InRange(changes, 1, MaxChangesPerTurn + (Realm.Simulators.Any ? DueWork.ChangesPerTurn : 0));
        Turns.Add((Now, changes));
        Commit(realm);
        return changes;
    }

    /// <summary>Begins again from the rows alone, as the emulator does with its database.</summary>
    public void Restart()
    {
        Commit();
        var (world, realm) = NewWorld();
        (world.Now, world.Settings) = (Now, World.Settings);
        var lastOrdinal = Realm.NextOrdinal();
        foreach (var (from, to) in Realm.Tables.Zip(realm.Tables))
        {
            foreach (var row in from.Rows)
                to.Load(row);
        }
        realm.SkipOrdinalsTo(lastOrdinal);
        (World, Realm) = (world, realm);
    }

    /// <summary>Rollouts queue everything at once. Else they keep to their rate.</summary>
    public void RollOutAtOnce() => World.Settings = World.Settings with { Rollout = RolloutMode.immediate };

    private IReadOnlyList<Announcement> Commit(Realm realm)
    {
        var announcements = Announcements.Of(realm, realm.TakeChanges());
        Announced.AddRange(announcements);
        return announcements;
    }

    private (World, Realm) NewWorld()
    {
        var world = new World(() => Guid.Parse(Id(++_ids))) { Now = Start, Devices = new SimulatedClient(Call) };
        return (world, world.Realm("123456789012", "us-east-1"));
    }
}
