using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>One turn at a time, whole or not at all.</summary>
public sealed class TurnGateTests
{
    [Fact]
    public async Task A_turn_that_is_refused_leaves_nothing_behind()
    {
        using var fixture = new TurnGateFixture();
        await fixture.CreateThing("pump-1");

        var refusal = await Assert.ThrowsAsync<ServiceException>(async () => await fixture.Turns.Take<Thing>(fixture.Realm, () =>
        {
            fixture.Realm.Things.Change("pump-1", thing => thing with { Version = 2 });
            fixture.Realm.Things.Remove("pump-1");
            TurnGateFixture.PutThing(fixture.Realm, "pump-2");
            throw ServiceError.VersionConflict.Because("no");
        }));

        Assert.Equal(("no", "pump-1", 1), (refusal.Message, fixture.ThingNames, fixture.Realm.Things.Find("pump-1")!.Version));
        Assert.Empty(fixture.Realm.Changes);
    }

    [Fact]
    public async Task A_turn_of_bulk_work_comes_after_the_requests_that_wait()
    {
        using var fixture = new TurnGateFixture();
        var (order, commits) = (new List<string>(), new PendingCommits());
        var request = new Thread(() => fixture.Turns.Take(fixture.Realm, () => Note("request")).AsTask().Wait());

        fixture.Turns.TakeAhead(fixture.Realm, () =>
        {
            request.Start();
            while (!request.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                Thread.Yield();
            return Note("first");
        }, commits);
        fixture.Turns.TakeAhead(fixture.Realm, () => Note("second"), commits);

        Assert.Equal(["first", "request", "second"], order);
        request.Join();
        await fixture.Turns.WhenCaughtUp(commits);

        int Note(string what)
        {
            order.Add(what);
            return 0;
        }
    }

    [Fact]
    public async Task Bulk_work_hears_of_a_commit_that_failed_though_later_ones_went_well()
    {
        using var folder = new Storage.Folder();
        using var fixture = new TurnGateFixture(folder.Database);
        var commits = new PendingCommits();
        commits.Add(Task.FromResult(false));
        fixture.Turns.TakeAhead(fixture.Realm, () => TurnGateFixture.PutThing(fixture.Realm, "pump-1"), commits);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => fixture.Turns.WhenCaughtUp(commits).AsTask());

        Assert.Equal(ServiceError.ServiceUnavailable, refusal.Error);
    }

    [Fact]
    public void A_refused_turn_of_bulk_work_leaves_nothing_behind()
    {
        using var fixture = new TurnGateFixture();
        Assert.Throws<ServiceException>(() => fixture.Turns.TakeAhead<int>(fixture.Realm, () =>
        {
            TurnGateFixture.PutThing(fixture.Realm, "pump-1");
            throw ServiceError.VersionConflict.Because("no");
        }, new()));
        Assert.True(fixture.Turns.IsEmpty);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delivered_answer_comes_before_what_its_turn_announces_and_a_refusal_leaves_nothing_behind(bool isKept)
    {
        using var folder = new Storage.Folder();
        using var fixture = new TurnGateFixture(isKept ? folder.Database : null);
        var heard = new List<string>();
        fixture.Turns.AddListener(turn => heard.Add($"{turn.Changes.Count} change"));

        await Ask("pump-1", () => "made");
        await Ask("pump-2", () => throw ServiceError.VersionConflict.Because("no"));
        await Ask("pump-3", () => "made too");
        await fixture.Turns.WhenIdle();

        Assert.Equal(["made", "1 change", "no", "made too", "1 change"], heard);
        Assert.Equal("pump-1 pump-3", fixture.ThingNames);

        ValueTask Ask(string thingName, Func<string> answer) => fixture.Turns.TakeAndDeliver(
            fixture.Realm,
            () =>
            {
                TurnGateFixture.PutThing(fixture.Realm, thingName);
                return answer();
            },
            refusal => refusal.Message,
            heard.Add);
    }

    [Fact]
    public async Task What_is_to_be_done_after_a_commit_comes_before_what_the_turn_announces_and_never_after_a_refusal()
    {
        using var fixture = new TurnGateFixture();
        var heard = new List<string>();
        fixture.Turns.AddListener(turn => heard.Add($"{turn.Changes.Count} change"));
        await Take("pump-1", () => 1);
        await Assert.ThrowsAsync<ServiceException>(async () => await Take("pump-2", () => throw ServiceError.VersionConflict.Because("no")));
        await fixture.CreateThing("pump-3");
        await fixture.Turns.WhenIdle();

        Assert.Equal(["after pump-1", "1 change", "1 change"], heard);

        ValueTask<int> Take(string thingName, Func<int> answer) => fixture.Turns.Take(fixture.Realm, () =>
        {
            TurnGateFixture.PutThing(fixture.Realm, thingName);
            fixture.Realm.AfterCommit(() => heard.Add($"after {thingName}"));
            return answer();
        });
    }

    [Fact]
    public async Task Many_takers_see_turns_one_after_the_other()
    {
        using var fixture = new TurnGateFixture();
        await fixture.CreateThing("counter");
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
                await fixture.Turns.Take(fixture.Realm, () =>
                {
                    Assert.Equal(1, ++inside);
                    var counted = fixture.Realm.Things.Change("counter", thing => thing with { Version = thing.Version + 1 });
                    inside--;
                    return counted;
                });
        })));

        Assert.Equal(8001, fixture.Realm.Things.Find("counter")!.Version);
    }

    [Fact]
    public async Task The_moment_of_a_turn_is_the_clocks_in_whole_milliseconds()
    {
        using var fixture = new TurnGateFixture();
        fixture.Machine.Pass(TimeSpan.FromTicks(12_345));

        var now = await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Now);

        Assert.Equal("2026-01-01T12:00:00.001Z", now.ToString());
    }

    [Fact]
    public void A_realm_is_the_same_for_all_who_ask()
    {
        using var fixture = new TurnGateFixture();

        var realms = Enumerable.Range(0, 64).AsParallel().Select(i => (Number: i % 8, Realm: fixture.Turns.RealmOf($"{i % 8:D12}", "us-east-1"))).ToArray();

        Assert.All(realms.GroupBy(asked => asked.Number), asked => Assert.Single(asked.Select(one => one.Realm).Distinct()));
    }

    [Fact]
    public async Task An_unsigned_device_belongs_where_its_thing_is()
    {
        using var fixture = new TurnGateFixture();
        var (home, away, farAway) = (fixture.Realm, fixture.Turns.RealmOf("1", "eu-west-1"), fixture.Turns.RealmOf("2", "eu-west-1"));
        foreach (var (realm, things) in new[] { (home, "at-home everywhere"), (away, "away twice everywhere"), (farAway, "twice everywhere") })
            foreach (var thing in things.Split(' '))
                await fixture.Turns.Take(realm, () => TurnGateFixture.PutThing(realm, thing));

        Assert.Same(home, fixture.Turns.RealmHavingThing("at-home", home));
        Assert.Same(home, fixture.Turns.RealmHavingThing("everywhere", home));
        Assert.Same(away, fixture.Turns.RealmHavingThing("away", home));
        Assert.Same(home, fixture.Turns.RealmHavingThing("twice", home));
        Assert.Same(home, fixture.Turns.RealmHavingThing("nowhere", home));
    }

    [Fact]
    public async Task A_reset_makes_everything_as_it_was_at_the_start()
    {
        using var fixture = new TurnGateFixture();
        var realm = fixture.Realm;
        await fixture.CreateThing("pump-1");
        await fixture.ClockControl.Set(fixture.Now + TimeSpan.FromDays(1), frozen: true, TestContext.Current.CancellationToken);
        await fixture.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });

        await fixture.Replacement.Reset();

        Assert.Equal(("", new(), Moment.Of(fixture.Machine.Now)), (fixture.ThingNames, fixture.Turns.Settings, fixture.Now));
        Assert.False(fixture.Clock.IsFrozen);
        Assert.Same(realm, fixture.Realm);
        await fixture.Turns.WhenIdle();
        Assert.True(fixture.Ended[^1].IsReset);
    }

    [Fact]
    public async Task Listeners_hear_turns_in_their_order()
    {
        using var fixture = new TurnGateFixture();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(taker => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await fixture.CreateThing($"pump-{taker}-{i}");
        })));
        await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Things.Count);
        await fixture.Turns.WhenIdle();

        var ordinals = fixture.Ended.Select(turn => ((Thing)Assert.Single(turn.Changes).RowAfter!).Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(1, 2000).Select(number => (long)number), ordinals);
    }

    [Fact]
    public async Task A_listener_that_fails_is_logged_and_the_others_hear_every_turn()
    {
        using var fixture = new TurnGateFixture();
        var (realm, heard) = (fixture.Realm, new List<TurnEnded>());
        fixture.Turns.AddListener(_ => throw new InvalidOperationException("deaf"));
        fixture.Turns.AddListener(heard.Add);

        await fixture.CreateThing("pump-1");
        await fixture.CreateThing("pump-2");
        await fixture.Turns.WhenIdle();

        Assert.Equal(2, fixture.Ended.Count);
        Assert.Equal(fixture.Ended, heard);
        Assert.All(heard, turn => Assert.Equal(realm.Tenant, turn.Tenant));
        Assert.Equal(Enumerable.Repeat("Error: A listener to ended turns failed.", 2), fixture.Log);
    }

    [Fact]
    public async Task What_waits_for_a_thread_goes_between_two_steps_of_due_work()
    {
        using var fixture = new TurnGateFixture();
        for (var job = 1; job <= 5; job++)
            await fixture.DeleteJobAt($"job-{job}", fixture.Now);
        var (continuations, gone) = (new ManualContinuations(), 0);

        var done = continuations.Start(() => fixture.DueWork.RunAll(TestContext.Current.CancellationToken).AsTask());
        continuations.Post(_ => gone = fixture.Gone.Count, null);
        await continuations.RunUntilCompleted(done);

        Assert.Equal((2, 5), (gone, fixture.Gone.Count));
    }
}
