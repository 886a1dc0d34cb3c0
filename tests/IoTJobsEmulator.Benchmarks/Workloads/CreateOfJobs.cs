using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>CreateJob, again and again for the same thing, on which the jobs pile up.</summary>
internal sealed class CreateOfJobs() : RateWorkload("create-job", "CreateJob for one thing, whose jobs pile up")
{
    protected override bool Writes => true;

    protected override bool NeedsFreshServers => true;

    protected override IEnumerable<string> Settings => ["--active-jobs", "10000000"];

    protected override IEnumerable<Sample> Samples =>
        [new("PUT", "/jobs/{jobId}", AwsRequest.Control("PUT", $"/jobs/{LimitServer.SampleJob}", JobBody.For(Names.ThingArn(0))))];

    protected override void Refresh(Api api, int connections)
    {
        api.Reset();
        api.CreateThing(Names.Thing(1));
    }

    protected override NextRequest Requests(Wire wire, int connections)
    {
        var create = new Numbered(AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(1)}", JobBody.For(Names.ThingArn(1))));
        var number = 0;
        return _ => create.With(number++);
    }

    protected override Target? Target(string mode, Wire wire, int connections) => (mode, connections) switch
    {
        (Mode.Default, 1) => Report.Target.AtLeast(0.55),
        (Mode.Default, _) => Report.Target.AtLeast(0.45),
        (Mode.Database, 1) => Report.Target.AtLeast(0.85),
        (Mode.Database, _) => Report.Target.AtLeast(0.75),
        _ => null,
    };
}
