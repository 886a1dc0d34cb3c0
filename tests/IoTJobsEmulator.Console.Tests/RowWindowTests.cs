using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Queries;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>The visible part of a long list.</summary>
public sealed class RowWindowTests
{
    private readonly FakeEmulator _emulator = new();
    private readonly RowWindow<Job> _window;

    public RowWindowTests() => _window = new(
        query => _emulator.Read(_emulator.DefaultTenant, query), (realm, last) => JobList.After(realm, null, last), (realm, job) => realm.Jobs.Find(job.JobId));

    [Fact]
    public async Task Rows_come_in_order_from_any_place()
    {
        CreateJobs(30);
        Assert.Equal(["job-30", "job-29"], await Ids(0, 2));
        Assert.Equal(["job-20", "job-19", "job-18"], await Ids(10, 3));
        Assert.Equal(["job-1"], await Ids(29, 5));
        Assert.Empty(await Ids(30, 5));
    }

    [Fact]
    public async Task At_the_top_what_is_new_comes_in()
    {
        CreateJobs(3);
        Assert.Equal(["job-3", "job-2"], await Ids(0, 2));
        CreateJobs(1, from: 4);
        Assert.Equal(["job-4", "job-3"], await Ids(0, 2));
    }

    [Fact]
    public async Task Below_it_the_rows_stay_where_they_are_and_are_read_again()
    {
        CreateJobs(10);
        Assert.Equal(["job-7", "job-6"], await Ids(3, 2));
        CreateJobs(1, from: 11);
        _emulator.Turn(realm => realm.Jobs.Change("job-7", job => job.Cancel(realm.Now, force: false, null, null)));
        var rows = await _window.Read(3, 2, 11);
        Assert.Equal([("job-7", JobStatus.CANCELED), ("job-6", JobStatus.IN_PROGRESS)], rows.Select(job => (job.JobId, job.Status)));
    }

    [Fact]
    public async Task A_row_that_is_gone_gives_its_place_to_the_next()
    {
        CreateJobs(10);
        Assert.Equal(["job-7", "job-6"], await Ids(3, 2));
        _emulator.Turn(realm => realm.Jobs.Remove("job-6"));
        Assert.Equal(["job-7", "job-5"], await Ids(3, 2));
    }

    [Fact]
    public async Task A_place_deep_in_the_list_is_walked_to_once_and_in_steps()
    {
        CreateJobs(5000);
        Assert.Equal(["job-500"], await Ids(4500, 1));
        Assert.Equal(4, _emulator.Reads);
        await Ids(4600, 1);
        Assert.Equal(6, _emulator.Reads);
    }

    private async Task<IEnumerable<string>> Ids(int start, int count) => (await _window.Read(start, count, _emulator.Realm.Jobs.Count)).Select(job => job.JobId);

    private void CreateJobs(int count, int from = 1)
    {
        for (var number = from; number < from + count; number++)
            _emulator.Create($"job-{number}", "pump-1");
    }
}
