using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>What may happen to notifications on request, without a broker.</summary>
public sealed class NotificationFaultsTests
{
    /// <remarks>Without a synchronization context what waits for a timer goes on within <see cref="ManualTime.Pass"/>.</remarks>
    [Theory, InlineData(false, "notify"), InlineData(true, "")]
    public Task A_delayed_notification_is_published_after_its_delay_unless_there_was_a_reset(bool isReset, string expected) => Task.Run(() =>
    {
        var (time, resets, published) = (new ManualTime(), new ResetCounter(), new List<string>());
        var faults = new NotificationFaults(time, resets, (topic, _, _) => published.Add(topic));
        faults.TrySet("pump-1", next: 1, drop: false, duplicate: false, TimeSpan.FromSeconds(5));
        faults.Publish("pump-1", "notify", new(() => Array.Empty<byte>()), new("123456789012", "us-east-1"), resets.Value);
        Assert.Empty(published);

        if (isReset)
            resets.Increment();
        time.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(expected, string.Join(' ', published));
    }, TestContext.Current.CancellationToken);
}
