using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>What a store has kept is restored within the limits, which may be lower than when it was kept.</summary>
public sealed class KeptStateTests
{
    [Fact]
    public void Subscriptions_beyond_a_limit_are_not_restored_and_are_removed_from_the_store()
    {
        AssertOneIsRestored(MqttLimits.Default with { SubscriptionsPerConnection = 1 });
        AssertOneIsRestored(MqttLimits.Default with { Subscriptions = 1 });
    }

    private static void AssertOneIsRestored(MqttLimits limits)
    {
        var client = new ClientKey(null, "pump-1");
        KeptItem[] kept =
        [
            new KeptSession(client, TimeSpan.FromHours(1), ExpiresAt: null), new KeptSubscription(client, new("a", Qos.AtLeastOnce)),
            new KeptSubscription(client, new("b", Qos.AtLeastOnce)),
        ];
        var store = new Store(kept);
        var broker = new MqttBroker(new() { Store = store, Limits = limits }, new ManualTime());

        broker.Restore();

        Assert.Equal((true, false), (broker.HasReceivers("a", tenant: null), broker.HasReceivers("b", tenant: null)));
        Assert.Equal([kept[2]], store.Removed);
    }

    private sealed class Store(IReadOnlyList<KeptItem> kept) : ISessionStore
    {
        public List<KeptItem> Removed { get; } = [];

        public Task<bool> WhenWritten => Task.FromResult(true);

        public IReadOnlyList<KeptItem> Load() => kept;

        public void Put(KeptItem item)
        {
        }

        public void Remove(KeptItem item) => Removed.Add(item);
    }
}
