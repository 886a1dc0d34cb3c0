using System.Diagnostics;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Wire;
namespace IoTJobsEmulator.Tests.Wire;
public sealed class ScratchBench
{
    [Fact]
    public void Bench()
    {
        var page = new ListJobs.Response(new(Enumerable.Range(0, 250).Select(i => new ListJobs.JobSummary(
            new() { JobId = "update-firmware-" + i, Ordinal = i, Targets = [], TargetSelection = TargetSelection.SNAPSHOT, Status = JobStatus.IN_PROGRESS, WaitingCount = 1,
                CreatedAt = new(1_767_225_610_003 + i / 8), LastUpdatedAt = new(1_767_225_610_003 + i / 8) }, "arn:aws:iot:us-east-1:123456789012:job/", null))), "next");
        var one = new CreateJob.Response("arn:aws:iot:us-east-1:123456789012:job/a", "update-firmware", "x");
        var body = System.Text.Encoding.UTF8.GetBytes("""{"targets":["arn:aws:iot:us-east-1:123456789012:thinggroup/pumps"],"document":"{\"operation\":\"update\"}","targetSelection":"CONTINUOUS","timeoutConfig":{"inProgressTimeoutInMinutes":5}}""");
        var upd = System.Text.Encoding.UTF8.GetBytes("""{"status":"SUCCEEDED","statusDetails":{"a":"b"},"expectedVersion":3}""");
        var stj = WireJson.Reflecting(WireJson.Options);
        var lines = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            lines.Add(Time("page codec", 3000, () => { using var t = JsonText.Rent(); JsonCodecs.Find(typeof(ListJobs.Response))!.AppendObject(t, JsonPrefix.None, page); }));
            lines.Add(Time("one codec", 300000, () => { using var t = JsonText.Rent(); JsonCodecs.Find(typeof(CreateJob.Response))!.AppendObject(t, JsonPrefix.None, one); }));
            lines.Add(Time("read stj", 100000, () => JsonSerializer.Deserialize<CreateJob.Request>(body, stj)));
            lines.Add(Time("read codec", 100000, () => JsonSerializer.Deserialize<CreateJob.Request>(body, WireJson.Options)));
            lines.Add(Time("upd stj", 100000, () => JsonSerializer.Deserialize<IoTJobsEmulator.Core.Operations.IotJobsData.UpdateJobExecution.Request>(upd, stj)));
            lines.Add(Time("upd codec", 100000, () => JsonSerializer.Deserialize<IoTJobsEmulator.Core.Operations.IotJobsData.UpdateJobExecution.Request>(upd, WireJson.Options)));
        }
        File.WriteAllLines("/tmp/wj/bench.txt", lines);
    }
    private static string Time(string name, int n, Action act)
    {
        var best = double.MaxValue;
        for (var k = 0; k < 20; k++)
        {
            var s = Stopwatch.GetTimestamp();
            var a = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < n / 20; i++) act();
            best = Math.Min(best, Stopwatch.GetElapsedTime(s).TotalMicroseconds / (n / 20));
        }
        var b = GC.GetAllocatedBytesForCurrentThread(); act(); b = GC.GetAllocatedBytesForCurrentThread() - b;
        return $"{name} {best:F3} us {b} bytes";
    }
}
