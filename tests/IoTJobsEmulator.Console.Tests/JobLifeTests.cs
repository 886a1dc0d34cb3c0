using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.WebConsole.Queries;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>How many executions of a job had which status when.</summary>
public sealed class JobLifeTests
{
    private readonly FakeEmulator _emulator = new();

    [Fact]
    public async Task It_counts_by_status_over_the_emulators_time()
    {
        _emulator.Create("update-firmware", "pump-1", "pump-2", "pump-3");
        _emulator.Pass(TimeSpan.FromMinutes(10));
        _emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-1", null));
        _emulator.Turn(realm => StartNextPendingJobExecution.Handle(realm, "pump-2", null));
        _emulator.Pass(TimeSpan.FromMinutes(10));
        _emulator.Turn(realm => UpdateJobExecution.Handle(realm, "pump-1", "update-firmware", new() { Status = SUCCEEDED }));
        _emulator.Turn(realm => UpdateJobExecution.Handle(realm, "pump-3", "update-firmware", new() { Status = FAILED }));
        _emulator.Pass(TimeSpan.FromMinutes(20) - TimeSpan.FromMinutes(40) / 41);

        var life = await Life("update-firmware");
        Assert.Equal((FakeEmulator.Start, 3), (life.From, life.Most));
        Assert.InRange((life.To - FakeEmulator.Start).TotalMinutes, 39.99, 40.01);
        Assert.Equal((3, 0, 0, 0), At(life, 0));
        Assert.Equal((3, 0, 0, 0), At(life, JobLife.Parts / 4 - 2));
        Assert.Equal((1, 2, 0, 0), At(life, JobLife.Parts / 4 + 1));
        Assert.Equal((1, 2, 0, 0), At(life, JobLife.Parts / 2 - 2));
        Assert.Equal((0, 1, 1, 1), At(life, JobLife.Parts / 2 + 1));
        Assert.Equal((0, 1, 1, 1), At(life, JobLife.Parts));
        Assert.Equal((0, 2), (life.Finished(0), life.Finished(JobLife.Parts)));
    }

    [Fact]
    public async Task Of_a_job_that_is_over_it_ends_with_its_last_execution()
    {
        _emulator.Create("update-firmware", "pump-1");
        _emulator.Pass(TimeSpan.FromMinutes(1));
        _emulator.Turn(realm => UpdateJobExecution.Handle(realm, "pump-1", "update-firmware", new() { Status = SUCCEEDED }));
        _emulator.Pass(TimeSpan.FromDays(1));
        Assert.InRange(((await Life("update-firmware")).To - FakeEmulator.Start).TotalMinutes, 1.001, 1.1);
    }

    private static (int Queued, int InProgress, int Succeeded, int Failed) At(JobLife life, int part) =>
        (life.At(QUEUED, part), life.At(IN_PROGRESS, part), life.At(SUCCEEDED, part), life.At(FAILED, part));

    private Task<JobLife> Life(string jobId) => JobLife.Read(
        query => _emulator.Read(_emulator.DefaultTenant, query), _emulator.Realm.Jobs.Find(jobId)!, _emulator.World.Now, CancellationToken.None);
}
