using System.Reflection;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Tests;

/// <summary>
/// The realm that operations are called with: the clock stands until the test moves it, and ids count from one, so that a test
/// can write down the whole answer and the whole list of changes.
/// </summary>
public sealed class TestRealm
{
    public static readonly Moment Start = Moment.Of(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private int _ids;

    /// <summary>Rollouts keep to their rate, unless a test is about something else.</summary>
    public TestRealm(RolloutMode rollout = RolloutMode.paced)
    {
        World = new(() => Guid.Parse(Id(++_ids))) { Now = Start, Settings = new() { Rollout = rollout }, Devices = new SimulatedClient(Call) };
        Realm = World.Realm("123456789012", "us-east-1");
    }

    public World World { get; }

    public Realm Realm { get; }

    public static implicit operator Realm(TestRealm test) => test.Realm;

    /// <summary>The n-th id that the realm gave out.</summary>
    public static string Id(int n) => $"00000000-0000-0000-0000-{n:D12}";

    public void Pass(TimeSpan time) => World.Now += time;

    /// <summary>What was changed since the last call, as rows before and after.</summary>
    public IReadOnlyList<(object? Before, object? After)> TakeChanges() =>
        [.. Realm.TakeChanges().Select(change => (change.RowBefore, change.RowAfter))];

    /// <summary>The same, each row once: as it was before all changes and as it is after them.</summary>
    public IReadOnlyList<(object? Before, object? After)> TakeChangesInSum()
    {
        List<(object? Before, object? After)> sum = [];
        foreach (var (before, after) in TakeChanges())
        {
            var earlier = before is null ? -1 : sum.FindIndex(change => ReferenceEquals(change.After, before));
            if (earlier < 0)
                sum.Add((before, after));
            else
                sum[earlier] = (sum[earlier].Before, after);
        }
        return sum;
    }

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

    /// <summary>Asserts that the operation is refused with this error and text; its turn is undone.</summary>
    public ServiceException AssertRefused(ServiceError error, string message, Func<object> operation)
    {
        Realm.TakeChanges();
        var refusal = Assert.Throws<ServiceException>(operation);
        Realm.Undo();
        Assert.Equal((error, message), (refusal.Error, refusal.Message));
        return refusal;
    }
}
