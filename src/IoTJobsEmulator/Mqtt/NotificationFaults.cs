using System.Collections.Concurrent;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Mqtt;

/// <summary>Simulates network faults: drops, delays or duplicates the next notifications of a thing, on request.</summary>
internal sealed class NotificationFaults(TimeProvider machine, ResetCounter resets, Action<string, MqttPayload, Tenant> publish)
{
    /// <summary>Things that faults can be set for at the same time.</summary>
    public const int MaxThings = 10_000;

    /// <summary>Notifications that wait for their time. Further ones are published at once.</summary>
    private const int MaxDelayed = 10_000;

    private readonly ConcurrentDictionary<string, Fault> _faults = [];
    private TaskCompletionSource _cleared = NewSignal();
    private int _delayed;

    /// <summary>What happens to the next notifications of a thing, and to how many.</summary>
    private sealed record Fault(int Remaining, bool Drop, bool Duplicate, TimeSpan Delay);

    /// <summary>Sets what happens to the next notifications of a thing. With <paramref name="next"/> 0, they are published normally again.</summary>
    /// <returns>False when they are set for as many things as the limit.</returns>
    public bool TrySet(string thingName, int next, bool drop, bool duplicate, TimeSpan delay)
    {
        if (next <= 0)
            _faults.TryRemove(thingName, out _);
        else if (_faults.Count < MaxThings || _faults.ContainsKey(thingName))
            _faults[thingName] = new(next, drop, duplicate, delay);
        else
            return false;
        return true;
    }

    /// <summary>Removes the faults, and the notifications that wait for their time.</summary>
    public void Clear()
    {
        _faults.Clear();
        Interlocked.Exchange(ref _cleared, NewSignal()).SetResult();
    }

    /// <summary>Publishes a notification, with the faults set for its thing. Called in order, by one thread at a time.</summary>
    /// <param name="thingName">The thing that is notified; null for an event.</param>
    /// <param name="topic">The topic of the message.</param>
    /// <param name="payload">The payload of the message.</param>
    /// <param name="tenant">The account and region of the message.</param>
    /// <param name="sentAtReset">The value of the reset counter in the turn of the message: a delayed message is dropped by a later reset.</param>
    public void Publish(string? thingName, string topic, MqttPayload payload, Tenant tenant, long sentAtReset)
    {
        if (thingName is null || !_faults.TryGetValue(thingName, out var fault))
        {
            publish(topic, payload, tenant);
            return;
        }
        TrySet(thingName, fault.Remaining - 1, fault.Drop, fault.Duplicate, fault.Delay);
        if (fault.Drop)
            return;
        for (var copies = fault.Duplicate ? 2 : 1; copies > 0; copies--)
        {
            if (fault.Delay > TimeSpan.Zero && Volatile.Read(ref _delayed) < MaxDelayed)
                _ = PublishLater(fault.Delay, topic, payload, tenant, sentAtReset);
            else
                publish(topic, payload, tenant);
        }
    }

    private async Task PublishLater(TimeSpan delay, string topic, MqttPayload payload, Tenant tenant, long sentAtReset)
    {
        Interlocked.Increment(ref _delayed);
        try
        {
            await _cleared.Task.WaitAsync(delay, machine); // not a delay, which would hold the message after a reset
        }
        catch (TimeoutException)
        {
            if (sentAtReset == resets.Value)
                publish(topic, payload, tenant);
        }
        finally
        {
            Interlocked.Decrement(ref _delayed);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
