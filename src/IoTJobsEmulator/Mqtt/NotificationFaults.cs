using System.Collections.Concurrent;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>Simulates network faults: drops, delays or duplicates the next notifications of a thing, on request.</summary>
internal sealed class NotificationFaults(TimeProvider machine, Action<string, MqttPayload, Realm> publish)
{
    private readonly ConcurrentDictionary<string, Fault> _faults = [];
    private long _resets;

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

    public void Clear()
    {
        Interlocked.Increment(ref _resets);
        _faults.Clear();
    }

    /// <summary>Publishes a notification, with the faults set for its thing. Called in order, by one thread at a time.</summary>
    public void Publish(string? thingName, string topic, MqttPayload payload, Realm realm)
    {
        if (thingName is null || !_faults.TryGetValue(thingName, out var fault))
        {
            publish(topic, payload, realm);
            return;
        }
        Set(thingName, fault.Remaining - 1, fault.Drop, fault.Duplicate, fault.Delay);
        if (fault.Drop)
            return;
        for (var copies = fault.Duplicate ? 2 : 1; copies > 0; copies--)
        {
            if (fault.Delay > TimeSpan.Zero)
                _ = PublishLater(fault.Delay, topic, payload, realm);
            else
                publish(topic, payload, realm);
        }
    }

    private async Task PublishLater(TimeSpan delay, string topic, MqttPayload payload, Realm realm)
    {
        var resets = Interlocked.Read(ref _resets);
        await Task.Delay(delay, machine);
        if (resets == Interlocked.Read(ref _resets))
            publish(topic, payload, realm);
    }
}
