using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iot-jobs-data_DescribeJobExecution.html"/>
public static class DescribeJobExecution
{
    /// <summary>Stands for the next execution in place of a job id.</summary>
    public const string Next = "$next";

    public sealed record Response(DeviceJobExecution? Execution);

    /// <summary>Gets an execution that is not finished, without starting it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="jobId">The job, or <c>$next</c> for the next execution; without any, the answer is then empty.</param>
    /// <param name="includeJobDocument">True when not given.</param>
    /// <param name="executionNumber">The newest when not given; has no meaning with <c>$next</c>.</param>
    /// <param name="signer">Who makes presigned URLs.</param>
    public static Response Handle(
        Realm realm,
        [Required, ThingName] string thingName,
        [Required, DescribeJobExecutionJobId] string jobId,
        bool? includeJobDocument,
        long? executionNumber,
        UrlSigner? signer = null) =>
        InNamespace(realm, thingName, jobId, namespaceId: null, includeJobDocument, executionNumber, signer);

    /// <summary>The same among the jobs of a namespace, which MQTT alone can name.</summary>
    public static Response InNamespace(
        Realm realm,
        [Required, ThingName] string thingName,
        [Required, DescribeJobExecutionJobId] string jobId,
        [NamespaceId] string? namespaceId,
        bool? includeJobDocument,
        long? executionNumber,
        UrlSigner? signer)
    {
        RegistryLookup.GetThing(realm, thingName);
        var execution = jobId == Next
            ? ExecutionSettlement.SettleAndFindNext(realm, thingName, namespaceId)
            : JobExecutionLookup.GetForDevice(realm, jobId, thingName, executionNumber, namespaceId);
        if (execution is null)
            return new((DeviceJobExecution?)null);
        if (execution.IsTerminal)
            throw ServiceError.TerminalState.Because($"Job execution is in terminal status {execution.Status}.");
        return new(DeviceJobExecution.Of(realm, execution, includeJobDocument ?? true, signer));
    }
}
