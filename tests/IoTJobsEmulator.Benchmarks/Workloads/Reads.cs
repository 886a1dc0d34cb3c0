using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>One request over and over, which changes nothing.</summary>
internal abstract class ReadWorkload(string name, string what, string pattern, byte[] request, Target atEight) : RateWorkload(name, what)
{
    protected override IEnumerable<Sample> Samples => [new("GET", pattern, request)];

    protected override void Prepare(Api api)
    {
        base.Prepare(api);
        api.CreateJob(Names.JobOf(1, 0), Names.ThingArn(1));
    }

    protected override NextRequest Requests(Wire wire, int connections) => _ => request;

    protected override Target? Target(string mode, Wire wire, int connections) => connections == 8 ? atEight : null;
}

internal sealed class DescribeJob() : ReadWorkload("describe-job", "DescribeJob of one job",
    "/jobs/{jobId}", AwsRequest.Control("GET", $"/jobs/{Names.JobOf(1, 0)}"), Report.Target.AtLeast(0.85));

internal sealed class PendingExecutions() : ReadWorkload("pending", "GetPendingJobExecutions of a thing that has one",
    "/things/{thingName}/jobs", AwsRequest.Device("GET", $"/things/{Names.Thing(1)}/jobs"), Report.Target.AtLeast(0.75));

internal sealed class NextExecution() : ReadWorkload("next", "DescribeJobExecution of $next, with its document",
    "/things/{thingName}/jobs/{jobId}", AwsRequest.Device("GET", $"/things/{Names.Thing(1)}/jobs/$next?includeJobDocument=true"), Report.Target.AtLeast(0.75));

internal sealed class ListOfJobs() : ReadWorkload("list-jobs", "ListJobs with 10 000 jobs, 250 on the page",
    "/jobs", AwsRequest.Control("GET", "/jobs?maxResults=250"), Report.Target.AtLeast(0.4))
{
    private const int Jobs = 10_000;

    protected override void Prepare(Api api)
    {
        api.CreateThing(Names.Thing(1));
        Bulk.Send(api.Address, Jobs, () => new Numbered(AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(1)}", JobBody.For(Names.ThingArn(1)))).With);
    }
}
