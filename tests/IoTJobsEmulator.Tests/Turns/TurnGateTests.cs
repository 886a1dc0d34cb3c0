using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>One turn at a time, whole or not at all.</summary>
public sealed class TurnGateTests
{
    [Fact]
    public async Task A_turn_that_is_refused_leaves_nothing_behind()
    {
        using var stage = new Stage();
        await stage.CreateThing("pump-1");

        var refusal = await Assert.ThrowsAsync<ServiceException>(async () => await stage.Turns.Take<Thing>(stage.Realm, () =>
        {
            stage.Realm.Things.Change("pump-1", thing => thing with { Version = 2 });
            stage.Realm.Things.Remove("pump-1");
            Stage.PutThing(stage.Realm, "pump-2");
            throw ServiceError.VersionConflict.Because("no");
        }));

        Assert.Equal(("no", "pump-1", 1), (refusal.Message, stage.ThingNames, stage.Realm.Things.Find("pump-1")!.Version));
        Assert.Empty(stage.Realm.Changes);
    }

    [Fact]
    public async Task Many_takers_see_turns_one_after_the_other()
    {
        using var stage = new Stage();
        await stage.CreateThing("counter");
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
                await stage.Turns.Take(stage.Realm, () =>
                {
                    Assert.Equal(1, ++inside);
                    var counted = stage.Realm.Things.Change("counter", thing => thing with { Version = thing.Version + 1 });
                    inside--;
                    return counted;
                });
        })));

        Assert.Equal(8001, stage.Realm.Things.Find("counter")!.Version);
    }

    [Fact]
    public async Task The_moment_of_a_turn_is_the_clocks_in_whole_milliseconds()
    {
        using var stage = new Stage();
        stage.Machine.Pass(TimeSpan.FromTicks(12_345));

        var now = await stage.Turns.Take(stage.Realm, () => stage.Realm.Now);

        Assert.Equal("2026-01-01T12:00:00.001Z", now.ToString());
    }

    [Fact]
    public void A_realm_is_the_same_for_all_who_ask()
    {
        using var stage = new Stage();

        var realms = Enumerable.Range(0, 64).AsParallel().Select(i => (Number: i % 8, Realm: stage.Turns.RealmOf($"{i % 8:D12}", "us-east-1"))).ToArray();

        Assert.All(realms.GroupBy(asked => asked.Number), asked => Assert.Single(asked.Select(one => one.Realm).Distinct()));
    }

    [Fact]
    public async Task An_unsigned_device_belongs_where_its_thing_is()
    {
        using var stage = new Stage();
        var (home, away, farAway) = (stage.Realm, stage.Turns.RealmOf("1", "eu-west-1"), stage.Turns.RealmOf("2", "eu-west-1"));
        foreach (var (realm, things) in new[] { (home, "at-home everywhere"), (away, "away twice everywhere"), (farAway, "twice everywhere") })
            foreach (var thing in things.Split(' '))
                await stage.Turns.Take(realm, () => Stage.PutThing(realm, thing));

        Assert.Same(home, stage.Turns.RealmHavingThing("at-home", home));
        Assert.Same(home, stage.Turns.RealmHavingThing("everywhere", home));
        Assert.Same(away, stage.Turns.RealmHavingThing("away", home));
        Assert.Same(home, stage.Turns.RealmHavingThing("twice", home));
        Assert.Same(home, stage.Turns.RealmHavingThing("nowhere", home));
    }

    [Fact]
    public async Task A_reset_makes_everything_as_it_was_at_the_start()
    {
        using var stage = new Stage();
        var realm = stage.Realm;
        await stage.CreateThing("pump-1");
        await stage.Turns.SetClock(stage.Now + TimeSpan.FromDays(1), frozen: true);
        await stage.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });

        await stage.Turns.Reset();

        Assert.Equal(("", new(), Moment.Of(stage.Machine.Now)), (stage.ThingNames, stage.Turns.Settings, stage.Now));
        Assert.False(stage.Clock.IsFrozen);
        Assert.Same(realm, stage.Realm);
        await stage.Turns.Quiet();
        Assert.True(stage.Told[^1].IsReset);
    }

    [Fact]
    public async Task What_turns_changed_is_told_in_their_order()
    {
        using var stage = new Stage();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(taker => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await stage.CreateThing($"pump-{taker}-{i}");
        })));
        await stage.Turns.Take(stage.Realm, () => stage.Realm.Things.Count);
        await stage.Turns.Quiet();

        var ordinals = stage.Told.Select(turn => ((Thing)Assert.Single(turn.Changes).RowAfter!).Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(1, 2000).Select(number => (long)number), ordinals);
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_keep_the_others_turns_from_being_told()
    {
        using var stage = new Stage();
        stage.Turns.Ended += _ => throw new InvalidOperationException("deaf");

        await stage.CreateThing("pump-1");
        await stage.CreateThing("pump-2");
        await stage.Turns.Quiet();

        Assert.Equal(2, stage.Told.Count);
    }
}
