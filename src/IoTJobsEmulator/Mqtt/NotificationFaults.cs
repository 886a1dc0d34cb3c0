using System.Collections.Concurrent;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Mqtt;

/// <summary>What a network may do to the notifications of a thing, on request: the next few are dropped, delayed or told twice.</summary>
internal sealed class NotificationFaults(TimeProvider machine, ResetCounter resets, Action<string, MqttPayload, Tenant> publish)
{
    private readonly ConcurrentDictionary<string, Plan> _plans = [];

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

    public void Clear() => _plans.Clear();

    /// <summary>Publishes, as kindly as it is asked to. Called in order, by one thread at a time.</summary>
    /// <param name="thingName">The thing that is notified; null for an event.</param>
    /// <param name="topic">The topic of the message.</param>
    /// <param name="payload">The payload of the message.</param>
    /// <param name="tenant">The account and region of the message.</param>
    /// <param name="sentAtReset">The value of the reset counter in the turn of the message: a delayed message is dropped by a later reset.</param>
    public void Publish(string? thingName, string topic, MqttPayload payload, Tenant tenant, long sentAtReset)
    {
        if (thingName is null || !_plans.TryGetValue(thingName, out var plan))
        {
            publish(topic, payload, tenant);
            return;
        }
        Set(thingName, plan.Left - 1, plan.Drop, plan.Duplicate, plan.Delay);
        if (plan.Drop)
            return;
        for (var times = plan.Duplicate ? 2 : 1; times > 0; times--)
        {
            if (plan.Delay > TimeSpan.Zero)
                _ = PublishLater(plan.Delay, topic, payload, tenant, sentAtReset);
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
