using System.Collections.Concurrent;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Mqtt;

/// <summary>Simulates network faults: drops, delays or duplicates the next notifications of a thing, on request.</summary>
internal sealed class NotificationFaults(TimeProvider machine, ResetCounter resets, Action<string, MqttPayload, Tenant> publish)
{
    private readonly ConcurrentDictionary<string, Fault> _faults = [];

    /// <summary>What happens to the next notifications of a thing, and to how many.</summary>
    private sealed record Fault(int Remaining, bool Drop, bool Duplicate, TimeSpan Delay);

    /// <summary>Sets what happens to the next notifications of a thing. With <paramref name="next"/> 0, they are published normally again.</summary>
    public void Set(string thingName, int next, bool drop, bool duplicate, TimeSpan delay)
    {
        if (next > 0)
            _faults[thingName] = new(next, drop, duplicate, delay);
        else
            _faults.TryRemove(thingName, out _);
    }

    public void Clear() => _faults.Clear();

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
        Set(thingName, fault.Remaining - 1, fault.Drop, fault.Duplicate, fault.Delay);
        if (fault.Drop)
            return;
        for (var copies = fault.Duplicate ? 2 : 1; copies > 0; copies--)
        {
            if (fault.Delay > TimeSpan.Zero)
                _ = PublishLater(fault.Delay, topic, payload, tenant, sentAtReset);
            else
                publish(topic, payload, tenant);
        }
    }

    private async Task PublishLater(TimeSpan delay, string topic, MqttPayload payload, Tenant tenant, long sentAtReset)
    {
        await Task.Delay(delay, machine);
        if (sentAtReset == resets.Value)
            publish(topic, payload, tenant);
    }
}
