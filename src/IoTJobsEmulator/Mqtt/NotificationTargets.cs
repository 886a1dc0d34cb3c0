using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;

namespace IoTJobsEmulator.Mqtt;

/// <summary>What the rules of faults call an announcement, and whom it concerns.</summary>
internal static class NotificationTargets
{
    public static FaultTarget TargetOf(Announcement announcement) => new(null, announcement switch
    {
        PendingExecutionsChanged => FaultCatalog.Notify,
        NextExecutionChanged => FaultCatalog.NotifyNext,
        JobEvent => nameof(EventType.JOB),
        JobExecutionEvent => nameof(EventType.JOB_EXECUTION),
        RegistryEvent registryEvent => registryEvent.Type.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(announcement)),
    });

    /// <summary>A list of pending executions concerns no job alone.</summary>
    public static FaultSubject SubjectOf(Tenant tenant, Announcement announcement)
    {
        var (thingName, jobId) = announcement switch
        {
            PendingExecutionsChanged changed => (changed.ThingName, null),
            NextExecutionChanged changed => (changed.ThingName, changed.Next?.JobId),
            JobEvent jobEvent => (null, jobEvent.Job.JobId),
            JobExecutionEvent executionEvent => (executionEvent.Execution.ThingName, executionEvent.Execution.JobId),
            ThingEvent thingEvent => (thingEvent.Thing.ThingName, null),
            ThingTypeAssociationEvent association => (association.Thing.ThingName, null),
            ThingGroupMembershipEvent membership => (membership.Thing.ThingName, null),
            _ => ((string?)null, (string?)null),
        };
        return new(tenant, thingName, jobId, Transport.mqtt);
    }
}
