using IoTJobsEmulator.Core;
using IoTJobsEmulator.Tests.Storage;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>Whatever happened since, a snapshot makes everything as it was.</summary>
public sealed class SnapshotsTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(1, false), InlineData(2, false), InlineData(3, false), InlineData(1, true), InlineData(2, true), InlineData(3, true)]
    public async Task A_world_with_any_history_is_restored_and_its_file_with_it(int seed, bool hasFile)
    {
        var history = new AnyHistory(seed);
        Dictionary<(string, string, string), HashSet<object>> first, second;
        using (var fixture = new TurnGateFixture(hasFile ? _folder.Database : null))
        {
            using var files = new StateFiles(fixture.Replacement);
            var snapshots = new Snapshots(fixture.Replacement);
            await history.Happen(fixture, turns: 100);
            Assert.Equal(fixture.World.Realms.Sum(realm => realm.Tables.Sum(table => table.Count)), (await snapshots.Take("first")).Rows);
            first = Folder.Rows(fixture.World);
            await history.Happen(fixture, turns: 100);
            await snapshots.Take("second");
            second = Folder.Rows(fixture.World);
            await history.Happen(fixture, turns: 20);

            await snapshots.Restore("first", Cancelled);
            Folder.AssertSameRows(first, Folder.Rows(fixture.World));
            await history.Happen(fixture, turns: 50);
            await snapshots.Restore("second", Cancelled);
            Folder.AssertSameRows(second, Folder.Rows(fixture.World));
            await fixture.Replacement.Reset();
            await snapshots.Restore("first", Cancelled);
            Folder.AssertSameRows(first, Folder.Rows(fixture.World));
            files.Export(_folder["exported.db"]);
        }

        if (hasFile)
        {
            using var restarted = new TurnGateFixture(_folder.Database);
            Folder.AssertSameRows(first, Folder.Rows(restarted.World));
        }
        using var other = new TurnGateFixture(_folder["exported.db"]);
        Folder.AssertSameRows(first, Folder.Rows(other.World));
    }

    [Fact]
    public async Task Numbers_settings_and_the_clock_are_as_they_were()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement);
        await fixture.CreateThing("pump-1");
        await fixture.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.FromHours(1) });
        await fixture.ClockControl.Advance(TimeSpan.FromDays(1), Cancelled);
        var then = fixture.Now;
        await snapshots.Take("running");
        var ordinal = (await fixture.CreateThing("pump-2")).After!.Ordinal;
        await fixture.ClockControl.Set(null, frozen: true, Cancelled);
        await snapshots.Take("frozen");
        await fixture.ClockControl.Advance(TimeSpan.FromDays(1), Cancelled);
        await fixture.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });
        fixture.Machine.Pass(TimeSpan.FromMinutes(10));

        Assert.Equal(new Snapshot("running", then, false, 1), await snapshots.Restore("running", Cancelled));
        Assert.Equal((then, TimeSpan.FromHours(1), "pump-1"), (fixture.Now, fixture.Turns.Settings.DeletionDuration, fixture.ThingNames));
        fixture.Machine.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(then + TimeSpan.FromMinutes(1), fixture.Now);
        Assert.Equal(ordinal, (await fixture.CreateThing("pump-3")).After!.Ordinal);

        await snapshots.Restore("frozen", Cancelled);
        fixture.Machine.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal((then, true), (fixture.Now, fixture.Clock.IsFrozen));
        Assert.Equal("pump-1 pump-2", fixture.ThingNames);
    }

    [Fact]
    public async Task What_is_due_in_the_restored_world_is_done()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement);
        await fixture.DeleteJobAt("update-firmware", fixture.Now + TimeSpan.FromMinutes(1));
        await snapshots.Take("before");
        await fixture.ClockControl.Advance(TimeSpan.FromHours(1), Cancelled);
        Assert.Equal(["update-firmware"], fixture.Gone.Select(gone => gone.JobId));
        var waits = fixture.DueWork.WhenDue(Cancelled);

        await snapshots.Restore("before", Cancelled);
        await waits; // the alarm was woken

        await fixture.ClockControl.Advance(TimeSpan.FromHours(1), Cancelled);
        Assert.Equal(["update-firmware", "update-firmware"], fixture.Gone.Select(gone => gone.JobId));
    }

    [Fact]
    public async Task A_restore_ends_an_advance_of_the_clock()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement);
        await snapshots.Take("empty");
        var then = fixture.Now;
        await fixture.DeleteJobAt("update-firmware", fixture.Now + TimeSpan.FromMinutes(1));
        await fixture.DeleteJobAt("reboot", fixture.Now + TimeSpan.FromMinutes(2));
        Task restored = Task.CompletedTask;
        fixture.DuringStep = () =>
        {
            fixture.DuringStep = () => { };
            restored = Task.Run(() => snapshots.Restore("empty", Cancelled).AsTask(), Cancelled);
        };

        await fixture.ClockControl.Advance(TimeSpan.FromHours(1), Cancelled);
        await restored;

        // The restore came between two steps, or after the last.
        Assert.Equal(then, fixture.Now);
    }

    [Fact]
    public async Task Listeners_hear_of_a_restore_but_not_as_of_a_reset()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement);
        await snapshots.Take("empty");
        await fixture.CreateThing("pump-1");

        await snapshots.Restore("empty", Cancelled);
        await fixture.Turns.WhenIdle();

        Assert.Equal((true, false, null), (fixture.Ended[^1].IsRestore, fixture.Ended[^1].IsReset, fixture.Ended[^1].Tenant));
        Assert.Empty(fixture.Ended[^1].Announcements);
    }

    [Fact]
    public async Task A_restore_that_cannot_be_committed_changes_nothing()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var snapshots = new Snapshots(fixture.Replacement);
        await fixture.CreateThing("pump-1");
        await snapshots.Take("before");
        await fixture.CreateThing("pump-2");
        await fixture.Turns.Take(fixture.Turns.RealmOf("210987654321", "eu-west-1"), () => TurnGateFixture.PutThing(fixture.Turns.RealmOf("210987654321", "eu-west-1"), "pump-3"));
        await fixture.RenameType("pump-1", "pump");
        await fixture.Turns.ChangeSettings(settings => settings with { DeletionDuration = TimeSpan.Zero });
        await fixture.ClockControl.Advance(TimeSpan.FromDays(1), Cancelled);
        var (rows, now) = (Folder.Rows(fixture.World), fixture.Now);
        _folder.FillUp();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => snapshots.Restore("before", Cancelled).AsTask());

        Assert.Equal(ServiceError.ServiceUnavailable, refusal.Error);
        Folder.AssertSameRows(rows, Folder.Rows(fixture.World));
        Assert.Equal((now, TimeSpan.Zero), (fixture.Now, fixture.Turns.Settings.DeletionDuration));
        _folder.MakeRoom();
        Assert.True((await fixture.CreateThing("pump-4")).After!.Ordinal > fixture.Realm.Things.Find("pump-2")!.Ordinal);
        await snapshots.Restore("before", Cancelled);
        Assert.Equal("pump-1", fixture.ThingNames);
    }

    [Fact]
    public async Task A_snapshot_of_what_cannot_be_committed_is_refused()
    {
        using var fixture = new TurnGateFixture(_folder.Database);
        var snapshots = new Snapshots(fixture.Replacement);
        await fixture.CreateThing("pump-1");
        _folder.FillUp();
        var created = fixture.CreateThing("pump-2").AsTask();

        var taken = snapshots.Take("too-early").AsTask();

        await Assert.ThrowsAsync<ServiceException>(() => created);
        // Unless the rollback came before the snapshot, which then has no pump-2.
        if (await Record.ExceptionAsync(() => taken) is null)
            Assert.Equal(1, snapshots.Get("too-early").Rows);
        else
            Assert.Empty(snapshots.All);
    }

    [Fact]
    public async Task A_restore_of_any_size_holds_up_no_other_caller_with_the_limit_of_the_backlog()
    {
        var batch = new IoTJobsEmulator.Storage.Batch();
        using var fixture = new TurnGateFixture();
        await fixture.CreateThing("pump-1");

        batch.Add(new IoTJobsEmulator.Storage.JournalEntry { Replacement = IoTJobsEmulator.Storage.StagedRows.InMemory(new(fixture.World)) });

        Assert.Equal((0, false), (batch.Size, batch.IsEmpty));
    }

    [Fact]
    public async Task Snapshots_are_limited_in_number_and_kept_over_a_reset()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement);
        await fixture.CreateThing("pump-1");
        for (var number = 1; number <= Snapshots.MaxSnapshots; number++)
            await snapshots.Take($"number-{number}");

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => snapshots.Take("one-more").AsTask());
        Assert.Equal((ServiceError.LimitExceeded, "There can be 100 snapshots at most."), (refusal.Error, refusal.Message));
        await fixture.Replacement.Reset();
        Assert.Equal(Snapshots.MaxSnapshots, snapshots.All.Count);
        Assert.Equal(0, (await snapshots.Take("number-1")).Rows); // it is replaced
        snapshots.Delete("number-2");
        await snapshots.Take("one-more");
    }

    [Fact]
    public async Task Snapshots_are_limited_in_their_rows()
    {
        using var fixture = new TurnGateFixture();
        var snapshots = new Snapshots(fixture.Replacement, maxRows: 5);
        await fixture.CreateThing("pump-1");
        await fixture.CreateThing("pump-2");
        await snapshots.Take("two");
        await fixture.CreateThing("pump-3");
        await snapshots.Take("three");

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => snapshots.Take("three-more").AsTask());

        Assert.Equal(ServiceError.LimitExceeded, refusal.Error);
        Assert.Equal("All snapshots together can have 5 rows: three-more would have 3, and the others have 5.", refusal.Message);
        Assert.Equal(["three", "two"], snapshots.All.Select(snapshot => snapshot.Name));
        Assert.Equal(3, (await snapshots.Take("three")).Rows); // what it replaces does not count
    }
}
