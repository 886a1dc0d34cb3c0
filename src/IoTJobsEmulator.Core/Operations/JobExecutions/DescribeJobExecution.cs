using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeJobExecution.html"/>
public static class DescribeJobExecution
{
    public sealed record Response(JobExecutionView Execution);

    /// <summary>Describes an execution of a job on a thing: the newest, or that of a number.</summary>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, [Required, ThingName] string thingName, long? executionNumber) =>
        new(JobExecutionView.Of(realm, JobExecutionLookup.GetExecution(realm, jobId, thingName, executionNumber)));
}
