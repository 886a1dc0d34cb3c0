using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.State;

// Every table of a realm, each with its indexes: who belongs, filed under what, in which order.
// Orders that pages of lists follow use members that never change, and end in one that tells all rows apart.

public sealed class ThingTable : Table<string, Thing>
{
    public ThingTable(Realm realm) : base(realm) => Attach(ByName, OfType, OfBillingGroup, ByAttribute);

    public Index<Thing, bool, string> ByName { get; } = new(_ => true, thing => thing.ThingName);

    public Index<Thing, string, string> OfType { get; } =
        new(thing => thing.ThingTypeName!, thing => thing.ThingName, belongs: thing => thing.ThingTypeName is not null);

    public Index<Thing, string, string> OfBillingGroup { get; } =
        new(thing => thing.BillingGroupName!, thing => thing.ThingName, belongs: thing => thing.BillingGroupName is not null);

    /// <summary>Under each attribute's name, by its value: values with a prefix stand together.</summary>
    public ManyIndex<Thing, string, (string Value, string ThingName)> ByAttribute { get; } =
        new(thing => thing.Attributes.Select(attribute => (attribute.Key, (attribute.Value, thing.ThingName))),
            sameFiling: (before, after) => ReferenceEquals(before.Attributes, after.Attributes));
}

public sealed class ThingGroupTable : Table<string, ThingGroup>
{
    public ThingGroupTable(Realm realm) : base(realm) => Attach(ByName, Named, OfParent, Below, Deleted, Dynamic, Evaluating);

    /// <summary>All groups that callers can see, by name.</summary>
    public Index<ThingGroup, bool, string> ByName { get; } = new(_ => true, group => group.ThingGroupName, belongs: group => !group.IsDeleted);

    public Index<ThingGroup, string, long> Named { get; } = new(group => group.ThingGroupName, group => group.Ordinal, belongs: group => !group.IsDeleted);

    /// <summary>Child groups in order of creation, those on their way out included; groups without a parent stand under <see cref="NoParent"/>.</summary>
    public Index<ThingGroup, string, long> OfParent { get; } = new(group => group.ParentGroupId ?? NoParent, group => group.Ordinal);

    public const string NoParent = "";

    /// <summary>All groups by path, so that everything below a group stands together.</summary>
    public Index<ThingGroup, bool, string> Below { get; } = new(_ => true, group => group.Path, belongs: group => !group.IsDeleted);

    /// <summary>Groups whose members are yet to leave; the deepest first, because leaving looks upwards.</summary>
    public Index<ThingGroup, bool, (int Depth, long Ordinal)> Deleted { get; } =
        new(_ => true, group => (-group.Path.Length, group.Ordinal), belongs: group => group.IsDeleted);

    /// <summary>Dynamic groups in order of creation.</summary>
    public Index<ThingGroup, bool, long> Dynamic { get; } = new(_ => true, group => group.Ordinal, belongs: group => group.IsDynamic && !group.IsDeleted);

    /// <summary>Dynamic groups whose query is yet to be asked of some things.</summary>
    public Index<ThingGroup, bool, long> Evaluating { get; } =
        new(_ => true, group => group.Ordinal, belongs: group => group.EvaluatedThrough is not null && !group.IsDeleted);
}

public sealed class ThingTypeTable : Table<string, ThingType>
{
    public ThingTypeTable(Realm realm) : base(realm) => Attach(ByName);

    public Index<ThingType, bool, string> ByName { get; } = new(_ => true, type => type.ThingTypeName);
}

public sealed class BillingGroupTable : Table<string, BillingGroup>
{
    public BillingGroupTable(Realm realm) : base(realm) => Attach(ByName);

    public Index<BillingGroup, bool, string> ByName { get; } = new(_ => true, group => group.BillingGroupName);
}

public sealed class PrincipalAttachmentTable : Table<(string ThingName, string Principal), PrincipalAttachment>
{
    public PrincipalAttachmentTable(Realm realm) : base(realm) => Attach(OfThing, OfPrincipal);

    public Index<PrincipalAttachment, string, long> OfThing { get; } = new(attachment => attachment.ThingName, attachment => attachment.Ordinal);

    public Index<PrincipalAttachment, string, long> OfPrincipal { get; } = new(attachment => attachment.Principal, attachment => attachment.Ordinal);
}

public sealed class EventConfigurationTable(Realm realm) : Table<bool, EventConfiguration>(realm);

public sealed class ResourceTagsTable(Realm realm) : Table<string, ResourceTags>(realm)
{
    /// <summary>A resource is gone, and with it what tags it had.</summary>
    public void Forget(string resourceArn)
    {
        if (Find(resourceArn) is not null)
            Remove(resourceArn);
    }
}

public sealed class MembershipTable : Table<(string ThingGroupId, string ThingName), Membership>
{
    public MembershipTable(Realm realm) : base(realm) => Attach(OfGroup, OfThing);

    public Index<Membership, string, long> OfGroup { get; } = new(membership => membership.ThingGroupId, membership => membership.Ordinal);

    public Index<Membership, string, long> OfThing { get; } = new(membership => membership.ThingName, membership => membership.Ordinal);
}

public sealed class DeletedThingTable : Table<long, DeletedThing>
{
    public DeletedThingTable(Realm realm) : base(realm) => Attach(InOrder, OfName);

    public Index<DeletedThing, bool, long> InOrder { get; } = new(_ => true, thing => thing.Ordinal);

    public Index<DeletedThing, string, long> OfName { get; } = new(thing => thing.ThingName, thing => -thing.Ordinal);
}

/// <summary>What ListJobs may ask for; null asks for any.</summary>
public readonly record struct JobFilter(JobStatus Status, TargetSelection? TargetSelection, string? NamespaceId, string? ThingGroupId);

public sealed class JobTable : Table<string, Job>
{
    public JobTable(Realm realm) : base(realm) => Attach(Filtered, ContinuousOnGroup, Owing, Due, Concurrent, AwaitingSlot, InWindows);

    /// <summary>Newest first, under each combination of filters that finds the job.</summary>
    public ManyIndex<Job, JobFilter, (long CreatedAt, long Ordinal)> Filtered { get; } =
        new(Filters, sameFiling: (before, after) => before.Status == after.Status && ReferenceEquals(before.Targets, after.Targets));

    /// <summary>Open continuous jobs under each thing group that is their target, oldest first.</summary>
    public ManyIndex<Job, string, long> ContinuousOnGroup { get; } =
        new(job => job.TakesNewThings ? TargetGroups(job).Select(group => (group, job.Ordinal)) : [],
            sameFiling: (before, after) => before.TakesNewThings == after.TakesNewThings && ReferenceEquals(before.Targets, after.Targets));

    /// <summary>Jobs for whose executions something is to be done at once, oldest first.</summary>
    public Index<Job, bool, long> Owing { get; } = new(_ => true, job => job.Ordinal, belongs: job => job.OwesWork);

    /// <summary>Jobs for which something falls due at a moment, the earliest first.</summary>
    public Index<Job, bool, (Moment DueAt, long Ordinal)> Due { get; } =
        new(_ => true, job => (job.DueAt!.Value, job.Ordinal), belongs: job => !job.OwesWork && job.DueAt is not null);

    /// <summary>Jobs that roll out or cancel: they count against the quota.</summary>
    public Index<Job, bool, long> Concurrent { get; } = new(_ => true, job => job.Ordinal, belongs: job => job.IsConcurrent);

    /// <summary>Jobs that may not roll out yet because too many do, oldest first.</summary>
    public Index<Job, bool, long> AwaitingSlot { get; } = new(_ => true, job => job.Ordinal, belongs: job => job.AwaitsSlot);

    /// <summary>Jobs with maintenance windows.</summary>
    public Index<Job, bool, long> InWindows { get; } = new(_ => true, job => job.Ordinal, belongs: job => job.HasWindows);

    private static IEnumerable<(JobFilter Filter, (long, long) Place)> Filters(Job job)
    {
        var place = (-job.CreatedAt.Milliseconds, -job.Ordinal);
        foreach (var group in (string?[])[null, .. TargetGroups(job)])
        {
            yield return (new(job.Status, null, null, group), place);
            yield return (new(job.Status, job.TargetSelection, null, group), place);
            if (job.NamespaceId is not { } space)
                continue;
            yield return (new(job.Status, null, space, group), place);
            yield return (new(job.Status, job.TargetSelection, space, group), place);
        }
    }

    private static IEnumerable<string> TargetGroups(Job job) => job.Targets.Any(static target => target.ThingGroupId is not null)
        ? job.Targets.Where(target => target.ThingGroupId is not null).Select(target => target.ThingGroupId!).Distinct()
        : [];
}

public sealed class JobTemplateTable : Table<string, JobTemplate>
{
    public JobTemplateTable(Realm realm) : base(realm) => Attach(NewestFirst);

    public Index<JobTemplate, bool, (long CreatedAt, long Ordinal)> NewestFirst { get; } =
        new(_ => true, template => (-template.CreatedAt.Milliseconds, -template.Ordinal));
}

public sealed class JobDocumentTable(Realm realm) : Table<string, JobDocument>(realm);

public sealed class TargetExpansionTable : Table<long, TargetExpansion>
{
    public TargetExpansionTable(Realm realm) : base(realm) => Attach(OfJob, OfTarget, OfGroup);

    public Index<TargetExpansion, string, long> OfJob { get; } = new(expansion => expansion.JobId, expansion => expansion.Ordinal);

    public Index<TargetExpansion, (string JobId, int TargetIndex), long> OfTarget { get; } =
        new(expansion => (expansion.JobId, expansion.TargetIndex), expansion => expansion.Ordinal);

    public Index<TargetExpansion, string, long> OfGroup { get; } = new(expansion => expansion.ThingGroupId, expansion => expansion.Ordinal);
}

public sealed class WaitingTargetTable : Table<(string JobId, string ThingName), WaitingTarget>
{
    public WaitingTargetTable(Realm realm) : base(realm) => Attach(OfJob, OfTarget);

    public Index<WaitingTarget, string, long> OfJob { get; } = new(waiting => waiting.JobId, waiting => waiting.Ordinal);

    public Index<WaitingTarget, (string JobId, int TargetIndex), long> OfTarget { get; } =
        new(waiting => (waiting.JobId, waiting.TargetIndex), waiting => waiting.Ordinal);
}

public sealed class JobExecutionTable : Table<JobExecutionKey, JobExecution>
{
    public JobExecutionTable(Realm realm) : base(realm) => Attach(OfJob, OfThing, OfJobOnThing, Pending, Due);

    /// <summary>A job's executions by status, and whether devices see them, newest first.</summary>
    public Index<JobExecution, (string JobId, JobExecutionStatus Status, bool IsHidden), long> OfJob { get; } =
        new(execution => (execution.JobId, execution.Status, execution.IsHidden), execution => -execution.Ordinal);

    /// <summary>A job's executions of some statuses, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfJobAfter(string jobId, IEnumerable<JobExecutionStatus> statuses, long place) =>
        OfJob.Merged(statuses.SelectMany(status => new[] { (jobId, status, false), (jobId, status, true) }), place);

    /// <summary>A job's executions of one status.</summary>
    public IEnumerable<JobExecution> OfJobIn(string jobId, JobExecutionStatus status) =>
        OfJob.In((jobId, status, false)).Concat(OfJob.In((jobId, status, true)));

    /// <summary>A thing's executions by status, newest first.</summary>
    public Index<JobExecution, (string ThingName, JobExecutionStatus Status), long> OfThing { get; } =
        new(execution => (execution.ThingName, execution.Status), execution => -execution.Ordinal);

    /// <summary>The runs of one job on one thing, the newest first.</summary>
    public Index<JobExecution, (string JobId, string ThingName), long> OfJobOnThing { get; } =
        new(execution => (execution.JobId, execution.ThingName), execution => -execution.ExecutionNumber);

    /// <summary>What a device may take, in the order of <c>$next</c>: running ones first, each by the time of queuing.</summary>
    public Index<JobExecution, (string ThingName, string? NamespaceId), (bool IsQueued, Moment QueuedAt, long Ordinal)> Pending { get; } =
        new(execution => (execution.ThingName, execution.NamespaceId),
            PendingOrder,
            belongs: execution => execution.IsPending);

    public static (bool IsQueued, Moment QueuedAt, long Ordinal) PendingOrder(JobExecution execution) =>
        (execution.Status == JobExecutionStatus.QUEUED, execution.QueuedAt, execution.Ordinal);

    /// <summary>Executions whose timer runs, the earliest end first.</summary>
    public Index<JobExecution, bool, (Moment TimesOutAt, long Ordinal)> Due { get; } =
        new(_ => true, execution => (execution.TimesOutAt!.Value, execution.Ordinal), belongs: execution => execution.TimesOutAt is not null);
}
