using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>After any history, the world loaded from SQLite equals the world that was.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task A_world_with_any_history_is_loaded_as_it_was(int seed)
    {
        Dictionary<(string, string, string), HashSet<object>> before;
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await new AnyHistory(seed).Happen(fixture, turns: 300);
            before = Folder.Rows(fixture.World);
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        Folder.AssertSameRows(before, Folder.Rows(restarted.World));
        Assert.Empty(restarted.Realm.Tables.Select(table => table.RowType.Name).Except(before.Keys.Select(key => key.Item3))); // the history has reached all
    }

    [Fact]
    public void More_rows_than_are_added_together_are_loaded()
    {
        var stored = World.OfRows();
        Realm[] realms = [stored.Realm("123456789012", "us-east-1"), stored.Realm("210987654321", "us-east-1")];
        for (var number = 1; number <= 50_010; number++)
        {
            // Rows of both lie among one another in the file, and the executions of a thing far from one another.
            var thing = $"pump-{number % 30_000}";
            foreach (var realm in number <= 100 ? realms : realms[..1])
                realm.Executions.Put(new()
                {
                    JobId = "update-firmware",
                    ThingName = thing,
                    ExecutionNumber = number,
                    Ordinal = realm.NextOrdinal(),
                    QueuedAt = realm.Now,
                    LastUpdatedAt = realm.Now,
                });
        }
        StateFile.Write(_folder.Database, new(stored), ClockState.OfTheMachine);
        var loaded = World.OfRows();

        StateFile.Import(_folder.Database, loaded);

        Folder.AssertSameRows(Folder.Rows(stored), Folder.Rows(loaded));
        Assert.Equal(50_011, loaded.Realm("123456789012", "us-east-1").NextOrdinal());
        Assert.All(realms, realm => Assert.All(realm.Executions.All, execution =>
            Assert.Equal(execution, loaded.Realm(realm.Account, realm.Region).Executions.Find(execution.Key))));
    }

    [Fact]
    public async Task What_was_answered_is_in_the_file_when_the_process_is_killed()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.CreateThing("pump-1");
        await fixture.CreateThing("pump-2");

        // As kill -9 leaves them: the file and the log beside it, without a checkpoint, while the process still had them open.
        File.Copy(_folder.Database, _folder["killed.db"]);
        File.Copy(_folder.Database + "-wal", _folder["killed.db-wal"]);
        using var restarted = new TurnGateFixture(_folder["killed.db"]);

        Assert.Equal("pump-1 pump-2", restarted.ThingNames);
    }

    [Fact]
    public async Task New_rows_come_after_those_that_were_loaded()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await fixture.CreateThing("pump-1");
            await fixture.CreateThing("pump-2");
        }

        using var restarted = new TurnGateFixture(_folder.Database);
        var created = await restarted.CreateThing("pump-3");

        Assert.True(created.After!.Ordinal > restarted.Realm.Things.Find("pump-2")!.Ordinal);
    }

    [Fact]
    public async Task A_name_is_one_text_in_memory_however_many_rows_bear_it()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await fixture.CreateThing("pump-1");
            for (var number = 1; number <= 2; number++)
                await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Executions.Put(new()
                {
                    JobId = "update-firmware",
                    ThingName = "pump-1",
                    ExecutionNumber = number,
                    Ordinal = fixture.Realm.NextOrdinal(),
                    QueuedAt = fixture.Realm.Now,
                    LastUpdatedAt = fixture.Realm.Now,
                }));
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        JobExecution[] executions = [.. restarted.Realm.Executions.All];
        Assert.Same(restarted.Realm.Things.Find("pump-1")!.ThingName, executions[0].ThingName);
        Assert.Same(executions[0].ThingName, executions[1].ThingName);
        Assert.Same(executions[0].JobId, executions[1].JobId);
    }

    [Fact]
    public async Task Line_breaks_and_tabs_in_details_are_kept()
    {
        var details = new ValueMap([new("stderr", "mv: cannot stat 'x'\r\n\t\n")]);
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Executions.Put(new()
            {
                JobId = "update-firmware",
                ThingName = "pump-1",
                ExecutionNumber = 1,
                Ordinal = fixture.Realm.NextOrdinal(),
                StatusDetails = details,
                QueuedAt = fixture.Realm.Now,
                LastUpdatedAt = fixture.Realm.Now,
            }));
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        Assert.Equal(details, Assert.Single(restarted.Realm.Executions.All).StatusDetails);
    }

    [Fact]
    public async Task What_a_fleet_says_alike_is_one_value_in_memory()
    {
        string[] details = ["one", "one", "two", "two", "one"];
        using (var fixture = new TurnGateFixture(_folder.Database))
            for (var number = 0; number < details.Length; number++)
                await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.Executions.Put(new()
                {
                    JobId = "update-firmware",
                    ThingName = $"pump-{number}",
                    ExecutionNumber = 1,
                    Ordinal = fixture.Realm.NextOrdinal(),
                    StatusDetails = new([KeyValuePair.Create("step", details[number])]),
                    QueuedAt = fixture.Realm.Now,
                    LastUpdatedAt = fixture.Realm.Now,
                }));

        using var restarted = new TurnGateFixture(_folder.Database);

        JobExecution[] executions = [.. restarted.Realm.Executions.All.OrderBy(execution => execution.Ordinal)];
        Assert.Equal(details, executions.Select(execution => execution.StatusDetails!["step"]));
        Assert.Same(executions[0].StatusDetails, executions[1].StatusDetails);
        Assert.Same(executions[2].StatusDetails, executions[3].StatusDetails);
    }

    [Fact]
    public async Task Texts_of_any_length_come_back()
    {
        string[] texts = [.. from length in (int[])[0, 1, 63, 64, 65, 127, 128, 129, 5000, 2] from letter in "a日" select new string(letter, length)];
        using (var fixture = new TurnGateFixture(_folder.Database))
            for (var number = 0; number < texts.Length; number++)
                await fixture.Turns.Take(fixture.Realm, () => fixture.Realm.JobDocuments.Put(new() { JobId = $"job-{number:00}", Text = texts[number] }));

        using var restarted = new TurnGateFixture(_folder.Database);

        Assert.Equal(texts, restarted.Realm.JobDocuments.All.OrderBy(document => document.JobId, StringComparer.Ordinal).Select(document => document.Text));
    }

    [Fact]
    public async Task A_reset_is_remembered()
    {
        using (var fixture = new TurnGateFixture(_folder.Database))
        {
            await fixture.CreateThing("pump-1");
            await fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
            await fixture.Replacement.Reset();
            await fixture.CreateThing("pump-2");
        }

        using var restarted = new TurnGateFixture(_folder.Database);

        Assert.Equal("pump-2", restarted.ThingNames);
        Assert.False(restarted.Clock.IsFrozen);
    }

    [Fact]
    public async Task The_clock_goes_on_as_it_was_set()
    {
        using var machine = new RestartedFixture(_folder.Database);
        await machine.Fixture.ClockControl.Advance(TimeSpan.FromDays(7), TestContext.Current.CancellationToken);
        machine.Restart();
        Assert.Equal(Moment.Of(machine.Time.Now) + TimeSpan.FromDays(7), machine.Fixture.Now);

        await machine.Fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        var frozenAt = machine.Fixture.Now;
        machine.Restart();
        machine.Time.Pass(TimeSpan.FromHours(1));
        Assert.Equal((true, frozenAt), (machine.Fixture.Clock.IsFrozen, machine.Fixture.Now));
    }

    [Fact]
    public void Every_table_has_its_line_in_the_database()
    {
        using var fixture = new TurnGateFixture();

        Assert.Equal(fixture.Realm.Tables.Select(table => table.RowType.Name).Order(), StoredTables.OfRealms.Select(table => table.RowType.Name).Order());
    }

    [Fact]
    public async Task The_file_can_be_read_by_others_while_the_emulator_runs()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        await fixture.DeleteJobAt("update-firmware", new(1_767_225_600_000));

        Assert.Equal("us-east-1 DELETION_IN_PROGRESS [] 1767225600000",
            _folder.Ask<string>("SELECT Region || ' ' || Status || ' ' || Targets || ' ' || DeletionEndsAt FROM Jobs WHERE JobId = 'update-firmware'"));
    }

    /// <summary>A fixture that is torn down and built again on the same machine.</summary>
    private sealed class RestartedFixture(string file) : IDisposable
    {
        public ManualTime Time { get; } = new();

        public TurnGateFixture Fixture { get => field ??= new(file, Time); private set; }

        public void Restart()
        {
            Fixture.Dispose();
            Fixture = null!;
        }

        public void Dispose() => Fixture.Dispose();
    }
}
