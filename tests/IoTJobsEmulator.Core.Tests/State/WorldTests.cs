using System.Globalization;
using System.Runtime.CompilerServices;

namespace IoTJobsEmulator.Core.Tests.State;

public sealed class WorldTests
{
    private readonly World _world = new(() => Guid.Empty);

    [Fact]
    public void A_realm_is_in_the_world_from_its_first_row_until_a_turn_leaves_it_without_rows()
    {
        var realm = _world.Realm("1", "us-east-1");
        Assert.Empty(_world.Realms);

        Put(realm, "pump-1");
        Assert.Equal([realm], _world.Realms);
        realm.Undo();
        Assert.Empty(_world.Realms);

        Put(realm, "pump-1");
        var first = realm.TakeChanges();
        realm.Things.Remove("pump-1");
        Assert.Equal([realm], _world.Realms);
        realm.Undo();
        Assert.Equal([realm], _world.Realms);

        realm.Things.Remove("pump-1");
        var second = realm.TakeChanges();
        Assert.Empty(_world.Realms);

        Realm.Undo(second);
        Assert.Equal([realm], _world.Realms);
        Realm.Undo(first);
        Assert.Empty(_world.Realms);

        Put(realm, "pump-2");
        realm.TakeChanges();
        _world.Exchange(World.OfRows());
        Assert.Empty(_world.Realms);
    }

    [Fact]
    public void A_realm_is_the_only_one_while_no_other_has_rows()
    {
        var (first, second) = (_world.Realm("1", "us-east-1"), _world.Realm("2", "us-east-1"));
        Assert.Null(_world.Only);
        Put(first, "pump-1");
        first.TakeChanges();
        Assert.Same(first, _world.Only);
        var snapshot = new WorldRows(_world);
        Put(second, "pump-1");
        Assert.Null(_world.Only);
        second.Undo();
        Assert.Same(first, _world.Only);
        Put(second, "pump-2");
        second.TakeChanges();

        var restored = snapshot.ToWorld();
        _world.Exchange(restored);
        Assert.Same(first, _world.Only);
        _world.Exchange(restored);
        Assert.Null(_world.Only);
        first.Things.Remove("pump-1");
        first.TakeChanges();
        Assert.Same(second, _world.Only);
        _world.Exchange(World.OfRows());
        Assert.Null(_world.Only);
    }

    [Fact]
    public void Accounts_and_regions_that_are_only_asked_for_are_forgotten()
    {
        var asked = Ask(2_000);
        Collect();
        Assert.DoesNotContain(asked, realm => realm.TryGetTarget(out _));
        Assert.Empty(_world.Realms);

        [MethodImpl(MethodImplOptions.NoInlining)]
        List<WeakReference<Realm>> Ask(int number) =>
            [.. Enumerable.Range(0, number).Select(i => new WeakReference<Realm>(_world.Realm(i.ToString(CultureInfo.InvariantCulture), "us-east-1")))];
    }

    [Fact]
    public void Realms_that_came_and_went_are_restored_in_their_order_with_their_numbers()
    {
        var (first, second, third) = (_world.Realm("1", "us-east-1"), _world.Realm("2", "us-east-1"), _world.Realm("3", "us-east-1"));
        Put(first, "pump-1");
        Put(second, "pump-1");
        Put(second, "pump-2");
        first.TakeChanges();
        second.TakeChanges();
        var snapshot = new WorldRows(_world);

        first.Things.Remove("pump-1");
        first.TakeChanges();
        Put(first, "pump-3");
        Put(third, "pump-4");
        first.TakeChanges();
        third.TakeChanges();
        Assert.Equal([second, first, third], _world.Realms);
        var restored = snapshot.ToWorld();
        _world.Exchange(restored);

        Assert.Equal([first, second], _world.Realms);
        Assert.Equal(3, snapshot.Count);
        Assert.Equal((2, 3, 1), (first.NextOrdinal(), second.NextOrdinal(), third.NextOrdinal()));
        Assert.Equal([first, second], _world.HavingThing("pump-1").OrderBy(realm => realm.Account));
        Assert.Empty(_world.HavingThing("pump-4"));

        _world.Exchange(restored);
        Assert.Equal([second, first, third], _world.Realms);
        Assert.Equal([third], _world.HavingThing("pump-4"));
        Assert.Equal(("pump-3", 1), (first.Things.ByName.First?.ThingName, first.Things.Count));
    }

    [Fact]
    public void Things_of_many_realms_are_found_after_an_exchange()
    {
        var realms = Enumerable.Range(1, 40).Select(number => _world.Realm(number.ToString(CultureInfo.InvariantCulture), "us-east-1")).ToList();
        foreach (var realm in realms)
        {
            Put(realm, $"pump-{realm.Account}");
            realm.TakeChanges();
        }
        var snapshot = new WorldRows(_world);
        _world.Exchange(World.OfRows());
        Assert.Empty(realms.SelectMany(realm => _world.HavingThing($"pump-{realm.Account}")));

        _world.Exchange(snapshot.ToWorld());

        Assert.All(realms, realm => Assert.Equal([realm], _world.HavingThing($"pump-{realm.Account}")));
        foreach (var realm in realms)
        {
            realm.Things.Remove($"pump-{realm.Account}");
            realm.TakeChanges();
        }
        Assert.Empty(realms.SelectMany(realm => _world.HavingThing($"pump-{realm.Account}")));
        Assert.Empty(_world.Realms);
    }

    [Fact]
    public void Numbers_go_on_in_a_realm_that_was_forgotten_and_begin_again_after_a_reset()
    {
        Assert.Equal(1, UseAndEmpty());
        Collect();
        Assert.Equal(2, _world.Realm("1", "us-east-1").NextOrdinal());

        _world.Exchange(World.OfRows());
        Collect();
        Assert.Equal(1, _world.Realm("1", "us-east-1").NextOrdinal());

        [MethodImpl(MethodImplOptions.NoInlining)]
        long UseAndEmpty()
        {
            var realm = _world.Realm("1", "us-east-1");
            var ordinal = Put(realm, "pump-1");
            realm.Things.Remove("pump-1");
            realm.TakeChanges();
            return ordinal;
        }
    }

    [Fact]
    public void A_realm_that_is_held_or_has_rows_is_the_only_one_of_its_account_and_region()
    {
        var held = _world.Realm("1", "us-east-1");
        PutElsewhere();
        Collect();
        Assert.Same(held, _world.Realm("1", "us-east-1"));
        Assert.NotNull(_world.Realm("2", "us-east-1").Things.Find("pump-1"));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void PutElsewhere() => Put(_world.Realm("2", "us-east-1"), "pump-1");
    }

    [Fact]
    public void A_world_that_is_emptied_keeps_its_realms()
    {
        var test = new TestRealm();
        test.CreateGroup("site", members: "pump-1");
        test.CreateJob("reboot", group: "site");
        test.Realm.TakeChanges();

        test.World.Exchange(World.OfRows());

        Assert.Same(test.Realm, test.World.Realm("123456789012", "us-east-1"));
        Assert.Empty(WorldView.Of(test).Values.SelectMany(rows => rows));
        Assert.Empty(test.Realm.Changes);
        Assert.Equal(1, test.Realm.NextOrdinal());
    }

    [Fact]
    public void Nothing_of_one_realm_is_in_another()
    {
        var test = new TestRealm();
        test.CreateThings("pump-1");
        var (otherRegion, otherAccount) = (test.World.Realm("123456789012", "eu-central-1"), test.World.Realm("210987654321", "us-east-1"));

        Assert.Equal((1, 0, 0), (test.Realm.Things.Count, otherRegion.Things.Count, otherAccount.Things.Count));
        Assert.Equal([test.Realm], test.World.Realms);
    }

    /// <summary>Few realms are searched, the things of the others are indexed: both have to find the same.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_things_realms_are_found(int number)
    {
        var realms = Enumerable.Range(0, number).Select(i => _world.Realm(i.ToString(CultureInfo.InvariantCulture), "us-east-1")).ToList();
        foreach (var realm in realms)
        {
            Put(realm, $"of-{realm.Account}");
            Put(realm, "everywhere");
            realm.TakeChanges();
        }
        Assert.All(realms, realm => Assert.Equal([realm], _world.HavingThing($"of-{realm.Account}")));
        Assert.Equal(realms.ToHashSet(), _world.HavingThing("everywhere").ToHashSet());
        Assert.Empty(_world.HavingThing("nowhere"));

        var last = realms[^1];
        last.Things.Remove("everywhere");
        Assert.Equal(number - 1, _world.HavingThing("everywhere").Count());
        last.Undo();
        Assert.Equal(number, _world.HavingThing("everywhere").Count());

        foreach (var realm in realms)
        {
            realm.Things.Remove($"of-{realm.Account}");
            realm.Things.Remove("everywhere");
            realm.TakeChanges();
            Assert.Empty(_world.HavingThing($"of-{realm.Account}"));
        }
        Assert.Empty(_world.HavingThing("everywhere"));

        Put(last, "everywhere");
        _world.Exchange(World.OfRows());
        Assert.Empty(_world.HavingThing("everywhere"));
    }

    private static long Put(Realm realm, string thingName)
    {
        var ordinal = realm.NextOrdinal();
        realm.Things.Put(new() { ThingName = thingName, ThingId = "", Ordinal = ordinal });
        return ordinal;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
