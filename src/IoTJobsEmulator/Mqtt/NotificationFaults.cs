using System.Collections.Concurrent;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt;

/// <summary>What a network may do to the notifications of a thing, on request: the next few are dropped, delayed or told twice.</summary>
internal sealed class NotificationFaults(TimeProvider machine, Action<string, MqttPayload, Realm> publish)
{
    private readonly ConcurrentDictionary<string, Plan> _plans = [];
    private long _resets;

    /// <summary>What happens to the next notifications of a thing.</summary>
    private sealed record Plan(int Left, bool Drop, bool Duplicate, TimeSpan Delay);

    /// <summary>Sets what happens to the next notifications of a thing; none makes it kind again.</summary>
    public void Set(string thingName, int next, bool drop, bool duplicate, TimeSpan delay)
    {
        if (next > 0)
            _plans[thingName] = new(next, drop, duplicate, delay);
        else
            _plans.TryRemove(thingName, out _);
    }

    public void Clear()
    {
        Interlocked.Increment(ref _resets);
        _plans.Clear();
    }

    /// <summary>Publishes, as kindly as it is asked to. Called in order, by one thread at a time.</summary>
    public void Publish(string? thingName, string topic, MqttPayload payload, Realm realm)
    {
        if (thingName is null || !_plans.TryGetValue(thingName, out var plan))
        {
            publish(topic, payload, realm);
            return;
        }
        Set(thingName, plan.Left - 1, plan.Drop, plan.Duplicate, plan.Delay);
        if (plan.Drop)
            return;
        for (var times = plan.Duplicate ? 2 : 1; times > 0; times--)
        {
            if (plan.Delay > TimeSpan.Zero)
                _ = PublishLater(plan.Delay, topic, payload, realm);
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
