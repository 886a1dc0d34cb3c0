using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>Of each row of the broker the last state is written, before and after a reset, and again if it could not be written.</summary>
public sealed class BrokerChangesTests
{
    private static readonly BrokerChange Put = new(Row(1), IsNew: true), Change = new(Row(2)), Remove = new(Row(0), IsDeleted: true);

    [Fact]
    public void Of_each_row_the_last_state_is_written()
    {
        Assert.Equal([Put], Written(Put));
        Assert.Equal([Change with { IsNew = true }], Written(Put, Change));
        Assert.Equal([Remove], Written(Change, Remove));
        Assert.Equal([Put with { IsNew = false }], Written(Remove, Put));
    }

    [Fact]
    public void A_row_that_came_and_went_leaves_nothing_unless_the_file_may_have_it()
    {
        Assert.Equal([], Written(Put, Remove));
        Assert.Equal([], Written(Put, Change, Remove));
        Assert.Equal([Remove], Written(Remove, Put, Remove));
    }

    [Fact]
    public void A_batch_in_which_all_came_and_went_is_still_waited_for()
    {
        var batch = new Batch();
        batch.Add(Put);
        batch.Add(Remove);

        Assert.False(batch.IsEmpty);
    }

    [Fact]
    public void What_came_before_a_reset_is_written_only_if_the_reset_could_not_be()
    {
        var (batch, after) = (new Batch(), new BrokerChange(Row(3, "pump-2")));
        var earlier = new BrokerChanges();
        earlier.Add(new(Row(4, "pump-3")));
        batch.Add(Change);
        batch.Add(new JournalEntry { IsReset = true });
        batch.Add(after);
        batch.AddFirst(earlier);

        Assert.Equal([after], batch.Merge(new()).Broker);
        Assert.Equal(["pump-3", "pump-1", "pump-2"], batch.UnwrittenOfBroker.All.Select(change => ((MqttSession)change.Row).ClientId));
    }

    private static MqttSession Row(long expiry, string clientId = "pump-1") =>
        new() { ClientId = clientId, Tenant = "", ExpiryMilliseconds = expiry };

    private static IEnumerable<BrokerChange> Written(params BrokerChange[] changes)
    {
        var all = new BrokerChanges();
        foreach (var change in changes)
            all.Add(change);
        return all.All;
    }
}
