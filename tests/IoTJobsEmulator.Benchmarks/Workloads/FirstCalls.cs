using System.Diagnostics;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>The first call of each operation in a process that has just started: what a test waits for that starts an emulator of its own.</summary>
internal sealed class FirstCalls() : Workload("first-calls", "the first call of each operation in a fresh process, one after the other, ten milliseconds and three seconds after its banner")
{
    private const double AtOnce = 10, Later = 3000;

    private static readonly string Group = "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps";

    private static readonly (string Operation, byte[] Request)[] Story =
    [
        Control("ListJobs", "GET", "/jobs"),
        Control("CreateThingType", "POST", "/thing-types/pump", "{}"),
        Control("CreateThing", "POST", "/things/pump-1", """{"thingTypeName":"pump","attributePayload":{"attributes":{"site":"north"}}}"""),
        Control("DescribeThing", "GET", "/things/pump-1"),
        Control("UpdateThing", "PATCH", "/things/pump-1", """{"attributePayload":{"attributes":{"model":"a"},"merge":true}}"""),
        Control("ListThings", "GET", "/things"),
        Control("CreateThingGroup", "POST", "/thing-groups/pumps", "{}"),
        Control("AddThingToThingGroup", "PUT", "/thing-groups/addThingToThingGroup", """{"thingGroupName":"pumps","thingName":"pump-1"}"""),
        Control("DescribeThingGroup", "GET", "/thing-groups/pumps"),
        Control("ListThingGroups", "GET", "/thing-groups"),
        Control("ListThingsInThingGroup", "GET", "/thing-groups/pumps/things"),
        Control("ListThingGroupsForThing", "GET", "/things/pump-1/thing-groups"),
        Control("CreateDynamicThingGroup", "POST", "/dynamic-thing-groups/north", """{"queryString":"attributes.site:north"}"""),
        Control("CreateBillingGroup", "POST", "/billing-groups/plant", "{}"),
        Control("AddThingToBillingGroup", "PUT", "/billing-groups/addThingToBillingGroup", """{"billingGroupName":"plant","thingName":"pump-1"}"""),
        Control("CreateJobTemplate", "PUT", "/job-templates/update", """{"description":"update","document":"{}"}"""),
        Control("DescribeJobTemplate", "GET", "/job-templates/update"),
        Control("CreateJob", "PUT", "/jobs/update-1", JobBody.For(Group)),
        Control("DescribeJob", "GET", "/jobs/update-1"),
        Control("GetJobDocument", "GET", "/jobs/update-1/job-document"),
        Control("UpdateJob", "PATCH", "/jobs/update-1", """{"description":"more"}"""),
        Control("ListJobExecutionsForJob", "GET", "/jobs/update-1/things"),
        Control("ListJobExecutionsForThing", "GET", "/things/pump-1/jobs"),
        Control("DescribeJobExecution", "GET", "/things/pump-1/jobs/update-1"),
        Control("TagResource", "POST", "/tags", $$"""{"resourceArn":"{{Group}}","tags":[{"Key":"owner","Value":"me"}]}"""),
        Control("ListTagsForResource", "GET", $"/tags?resourceArn={Uri.EscapeDataString(Group)}"),
        Control("DescribeEndpoint", "GET", "/endpoint?endpointType=iot:Jobs"),
        Control("DescribeEventConfigurations", "GET", "/event-configurations"),
        Device("GetPendingJobExecutions", "GET", "/things/pump-1/jobs"),
        Device("StartNextPendingJobExecution", "PUT", "/things/pump-1/jobs/$next", "{}"),
        Device("DescribeJobExecution of a device", "GET", "/things/pump-1/jobs/update-1"),
        Device("UpdateJobExecution", "POST", "/things/pump-1/jobs/update-1", """{"status":"SUCCEEDED"}"""),
        Control("AssociateTargetsWithJob", "POST", "/jobs/update-1/targets", $$"""{"targets":["{{Group}}"]}"""),
        Control("CancelJob", "PUT", "/jobs/update-1/cancel", "{}"),
        Control("DeleteJobExecution", "DELETE", "/things/pump-1/jobs/update-1/executionNumber/1?force=true"),
        Control("DeleteJob", "DELETE", "/jobs/update-1?force=true"),
        Control("RemoveThingFromThingGroup", "PUT", "/thing-groups/removeThingFromThingGroup", """{"thingGroupName":"pumps","thingName":"pump-1"}"""),
        Control("DeleteThingGroup", "DELETE", "/thing-groups/pumps"),
        Control("DeleteThing", "DELETE", "/things/pump-1"),
    ];

    public override void Run(Bench bench)
    {
        Run(bench, "at once", AtOnce);
        Run(bench, "later", Later);
    }

    private static void Run(Bench bench, string when, double afterBanner)
    {
        var calls = Story.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            using var emulator = bench.Emulator(Mode.Default);
            Pause.For(afterBanner);
            using var connection = new HttpConnection(emulator.Address) { DemandsSuccess = false };
            for (var call = 0; call < Story.Length; call++)
            {
                var took = connection.Time(Story[call].Request);
                if (round >= 0) // the first process finds its files on the disk
                    calls[call].Add(took * 1000.0 / Stopwatch.Frequency);
            }
        }
        var medians = calls.Select(rounds => Spread.Of(rounds).Median).ToArray();
        foreach (var (median, name) in medians.Zip(Story.Select(call => call.Operation)).OrderDescending().Take(8))
            Reporter.Say($"  {name}: {Spread.Text(median)} ms");
        Report($"first calls {when}, p95 over the operations", 0.95, Target.AtMost(10));
        Report($"first calls {when}, the longest", 1, Target.AtMost(25));

        void Report(string what, double quantile, Target target) => bench.Reporter.Add(new(what, Mode.Default, "ms", Spread.Of(Quantile(medians, quantile))) { Target = target });
    }

    private static double Quantile(double[] values, double quantile) => values.Order().ElementAt((int)Math.Ceiling(quantile * values.Length) - 1);

    private static (string, byte[]) Control(string operation, string method, string path, string? body = null) => (operation, AwsRequest.Control(method, path, body));

    private static (string, byte[]) Device(string operation, string method, string path, string? body = null) => (operation, AwsRequest.Device(method, path, body));
}
