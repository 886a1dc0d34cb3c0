using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>Things by name: all, or those whose name begins with a text.</summary>
public static class ThingList
{
    /// <summary>How many of those that match are counted, and shown, at most.</summary>
    public const int Limit = 2000;

    public static int Count(Realm realm, string prefix) => prefix.Length == 0 ? realm.Things.Count : After(realm, prefix, null).Take(Limit).Count();

    /// <summary>The things that come after another one, which need not be there any more.</summary>
    public static IEnumerable<Thing> After(Realm realm, string prefix, Thing? last)
    {
        var things = last is not null ? realm.Things.ByName.RowsAfter(last.ThingName)
            : realm.Things.Find(prefix) is { } exact ? realm.Things.ByName.RowsAfter(prefix).Prepend(exact)
            : realm.Things.ByName.RowsAfter(prefix);
        return prefix.Length == 0 ? things : things.TakeWhile(thing => thing.ThingName.StartsWith(prefix, StringComparison.Ordinal));
    }
}
