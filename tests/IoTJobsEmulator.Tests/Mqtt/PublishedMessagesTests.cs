using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Callers who wait for messages.</summary>
public sealed class PublishedMessagesTests
{
    [Fact]
    public async Task So_many_may_wait_and_one_who_goes_makes_room()
    {
        var messages = new PublishedMessages(new ManualTime());
        using var going = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, PublishedMessages.MaxWaiting - 1).Select(_ => Wait(CancellationToken.None)).Append(Wait(going.Token)).ToList();
        Assert.Equal(ServiceError.Throttling, (await Assert.ThrowsAsync<ServiceException>(() => Wait(CancellationToken.None))).Error);
        Assert.Empty(await messages.Find(new(null, null, null, null, null), TimeSpan.Zero, CancellationToken.None));

        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[^1]);
        Assert.False(Wait(CancellationToken.None).IsCompleted);

        Task Wait(CancellationToken aborted) => messages.Find(new(null, null, null, null, null), TimeSpan.FromSeconds(300), aborted);
    }
}
