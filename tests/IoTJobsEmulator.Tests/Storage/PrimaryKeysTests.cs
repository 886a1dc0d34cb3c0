using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>Rows are written to the order in which a file stores them, which is not the same in every file that this version reads and writes.</summary>
public sealed class PrimaryKeysTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_file_with_other_primary_keys_is_read_and_written(int seed)
    {
        CreateWithOtherPrimaryKeys();
        Dictionary<(string, string, string), HashSet<object>> before, restored;
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await new AnyHistory(seed).Happen(fixture, turns: 300);
            before = Folder.Rows(fixture.World);
        }

        using (var restarted = new TurnGateFixture(_folder.Database))
        {
            Folder.AssertSameRows(before, Folder.Rows(restarted.World));
            var snapshots = new Snapshots(restarted.Replacement);
            await snapshots.Take("all");
            await restarted.Replacement.Reset();
            await snapshots.Restore("all", TestContext.Current.CancellationToken);
            restored = Folder.Rows(restarted.World);
        }

        using var again = new TurnGateFixture(_folder.Database);
        Folder.AssertSameRows(restored, Folder.Rows(again.World));
    }

    [Fact]
    public async Task A_state_file_with_other_primary_keys_is_taken()
    {
        CreateWithOtherPrimaryKeys();
        Dictionary<(string, string, string), HashSet<object>> before;
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await new AnyHistory(3).Happen(fixture, turns: 100);
            before = Folder.Rows(fixture.World);
        }
        var world = World.OfRows();

        StateFile.Import(_folder.Database, world);

        Folder.AssertSameRows(before, Folder.Rows(world));
    }

    [Theory, InlineData(1, 2, 3, 5, 6), InlineData(6, 5, 3, 2, 1), InlineData(3, 4, 2, 5, 7)]
    public async Task Neighbors_that_are_deleted_leave_what_lies_between_and_the_rows_of_other_accounts(params int[] deleted)
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            Realm[] realms = [fixture.Realm, fixture.Turns.RealmOf("210987654321", "us-east-1")];
            foreach (var realm in realms)
                await fixture.Turns.Take(realm, () =>
                {
                    for (var number = 1; number <= 200; number++)
                        Put(realm, number);
                    return 0;
                });
            Assert.Equal(realms[0].Executions.All.Select(execution => execution.Ordinal), realms[1].Executions.All.Select(execution => execution.Ordinal));

            await fixture.Turns.Take(fixture.Realm, () =>
            {
                // More are next to one another than one statement deletes.
                foreach (var number in deleted.Concat(Enumerable.Range(20, 150)))
                    fixture.Realm.Executions.Remove(new("update-firmware", "pump-1", number));
                Put(fixture.Realm, 201);
                return 0;
            });
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        Assert.Equal(Enumerable.Range(1, 201).Except(deleted).Except(Enumerable.Range(20, 150)), NumbersIn(restarted.Realm));
        Assert.Equal(Enumerable.Range(1, 200), NumbersIn(restarted.Turns.RealmOf("210987654321", "us-east-1")));
    }

    private static void Put(Realm realm, int number) => realm.Executions.Put(new()
    {
        JobId = "update-firmware",
        ThingName = "pump-1",
        ExecutionNumber = number,
        Ordinal = realm.NextOrdinal(),
        QueuedAt = realm.Now,
        LastUpdatedAt = realm.Now,
    });

    private static IEnumerable<int> NumbersIn(Realm realm) => realm.Executions.All.Select(execution => (int)execution.ExecutionNumber).Order();

    /// <summary>Makes the tables as others than this version may have: rows are found by account, region and what tells them apart there.</summary>
    private void CreateWithOtherPrimaryKeys()
    {
        var script = StoredSchema.Script;
        foreach (var table in StoredTables.OfRealms)
        {
            var others = string.Join(", ", table.TenantColumns.Concat(table.Key).Select(column => $"\"{column}\""));
            script = script.Replace($"\"PK_{table.Name}\" PRIMARY KEY ({string.Join(", ", table.PrimaryKey.Select(column => $"\"{column}\""))})", $"\"PK_{table.Name}\" PRIMARY KEY ({others})", StringComparison.Ordinal);
        }
        _folder.Ask<int>(script);
        Assert.Equal(0, _folder.Ask<int>("SELECT COUNT(*) FROM sqlite_master WHERE sql LIKE '%PRIMARY KEY (\"Ordinal\", \"Account\"%'"));
        Assert.Equal(StoredSchema.Version, _folder.Ask<int>("PRAGMA user_version"));
    }
}
