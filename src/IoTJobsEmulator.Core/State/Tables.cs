using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.State;

// Every table of a realm, each with its indexes: which rows belong, in which group, in which order.
// Orders that pages of lists follow use members that never change, and end in one that tells all rows apart.

public sealed class ThingTable : Table<string, Thing>
{
    public ThingTable(Realm realm) : base(realm)
    {
        ByName = new(this, thing => thing.ThingName);
        OfType = new(this, thing => thing.ThingTypeName!, thing => thing.ThingName, belongs: thing => thing.ThingTypeName is not null);
        OfBillingGroup = new(
            this,
            thing => thing.BillingGroupName!,
            thing => thing.ThingName,
            belongs: thing => thing.BillingGroupName is not null);
        ByAttribute = new(
            this,
            static (thing, names) => names.AddRange(thing.Attributes.Keys),
            static name => thing => (thing.Attributes[name], thing.ThingName),
            samePlaces: (before, after) => ReferenceEquals(before.Attributes, after.Attributes));
        ((IIndexed<Thing>)this).Attach(new NamesInWorld(realm));
    }

    public OrderedIndex<Thing, string> ByName { get; }

    public Index<Thing, string, string> OfType { get; }

    public Index<Thing, string, string> OfBillingGroup { get; }

    /// <summary>Under each attribute's name, by its value: values with a prefix stand together.</summary>
    public ManyIndex<Thing, string, (string Value, string ThingName)> ByAttribute { get; }

    /// <summary>Lets the world find the realms that have a thing.</summary>
    private sealed class NamesInWorld(Realm realm) : IIndex<Thing>
    {
        public void Add(Slot<Thing> slot) => realm.ThingAdded(slot.Row.ThingName);

        public void Remove(Slot<Thing> slot) => realm.ThingRemoved(slot.Row.ThingName);

        public void Move(Slot<Thing> slot, Thing before, Thing after)
        {
        }

        // Worlds exchange what they know of all things when they exchange their realms.
        public void Exchange(IIndex<Thing> other)
        {
        }
    }
}

public sealed class ThingGroupTable : Table<string, ThingGroup>
{
    public ThingGroupTable(Realm realm) : base(realm)
    {
        ByName = new(this, group => group.ThingGroupName, belongs: group => !group.IsDeleted);
        OfName = new(this, group => group.ThingGroupName, group => group.Ordinal, belongs: group => !group.IsDeleted);
        OfParent = new(this, group => group.ParentGroupId ?? NoParent, group => group.Ordinal);
        ByPath = new(this, group => group.Path, belongs: group => !group.IsDeleted);
        Deleted = new(this, group => (-group.Path.Length, group.Ordinal), belongs: group => group.IsDeleted);
        Dynamic = new(this, group => group.Ordinal, belongs: group => group.IsDynamic && !group.IsDeleted);
        Evaluating = new(this, group => group.Ordinal, belongs: group => group.LastEvaluatedThingName is not null && !group.IsDeleted);
    }

    /// <summary>All groups that callers can see, by name.</summary>
    public OrderedIndex<ThingGroup, string> ByName { get; }

    public Index<ThingGroup, string, long> OfName { get; }

    /// <summary>Child groups in order of creation, those on their way out included; groups without a parent stand under <see cref="NoParent"/>.</summary>
    public Index<ThingGroup, string, long> OfParent { get; }

    public const string NoParent = "";

    /// <summary>All groups by path, so that everything below a group stands together.</summary>
    public OrderedIndex<ThingGroup, string> ByPath { get; }

    /// <summary>Deleted groups that still have members; the deepest first, because a membership that ends looks up the parent groups.</summary>
    public OrderedIndex<ThingGroup, (int Depth, long Ordinal)> Deleted { get; }

    /// <summary>Dynamic groups in order of creation.</summary>
    public OrderedIndex<ThingGroup, long> Dynamic { get; }

    /// <summary>Dynamic groups whose query is yet to be asked of some things.</summary>
    public OrderedIndex<ThingGroup, long> Evaluating { get; }
}

public sealed class ThingTypeTable : Table<string, ThingType>
{
    public ThingTypeTable(Realm realm) : base(realm)
    {
        ByName = new(this, type => type.ThingTypeName);
    }

    public OrderedIndex<ThingType, string> ByName { get; }
}

public sealed class BillingGroupTable : Table<string, BillingGroup>
{
    public BillingGroupTable(Realm realm) : base(realm)
    {
        ByName = new(this, group => group.BillingGroupName);
    }

    public OrderedIndex<BillingGroup, string> ByName { get; }
}

public sealed class PrincipalAttachmentTable : Table<(string ThingName, string Principal), PrincipalAttachment>
{
    public PrincipalAttachmentTable(Realm realm) : base(realm)
    {
        OfThing = new(this, attachment => attachment.ThingName, attachment => attachment.Ordinal);
        OfPrincipal = new(this, attachment => attachment.Principal, attachment => attachment.Ordinal);
    }

    public Index<PrincipalAttachment, string, long> OfThing { get; }

    public Index<PrincipalAttachment, string, long> OfPrincipal { get; }
}

public sealed class EventConfigurationTable(Realm realm) : Table<bool, EventConfiguration>(realm);

public sealed class ResourceTagsTable(Realm realm) : Table<string, ResourceTags>(realm)
{
    /// <summary>Removes the tags of a resource that was deleted.</summary>
    public void RemoveIfPresent(string resourceArn)
    {
        if (Find(resourceArn) is not null)
            Remove(resourceArn);
    }
}

public sealed class MembershipTable : Table<(string ThingGroupId, string ThingName), Membership>
{
    public MembershipTable(Realm realm) : base(realm)
    {
        OfGroup = new(this, membership => membership.ThingGroupId, membership => membership.Ordinal);
        OfThing = new(this, membership => membership.ThingName, membership => membership.Ordinal);
    }

    public Index<Membership, string, long> OfGroup { get; }

    public Index<Membership, string, long> OfThing { get; }
}

public sealed class DeletedThingTable : Table<long, DeletedThing>
{
    public DeletedThingTable(Realm realm) : base(realm)
    {
        InOrder = new(this, thing => thing.Ordinal);
        OfName = new(this, thing => thing.ThingName, thing => -thing.Ordinal);
    }

    public OrderedIndex<DeletedThing, long> InOrder { get; }

    public Index<DeletedThing, string, long> OfName { get; }
}

/// <summary>What ListJobs may ask for; null asks for any.</summary>
public readonly record struct JobFilter(JobStatus Status, TargetSelection? TargetSelection, string? NamespaceId, string? ThingGroupId);

public sealed class JobTable : Table<string, Job>
{
    public JobTable(Realm realm) : base(realm)
    {
        ByFilter = new(
            this,
            FindFilters,
            static _ => NewestFirst,
            samePlaces: (before, after) => before.Status == after.Status && ReferenceEquals(before.Targets, after.Targets));
        ContinuousOnGroup = new(
            this,
            static (job, groups) => groups.AddRange(job.TakesNewThings ? TargetGroups(job) : []),
            static _ => OldestFirst,
            samePlaces: (before, after) => before.TakesNewThings == after.TakesNewThings && ReferenceEquals(before.Targets, after.Targets));
        WithWork = new(this, OldestFirst, belongs: job => job.HasWork);
        Due = new(this, job => (job.ChangesAt!.Value, job.Ordinal), belongs: job => !job.HasWork && job.ChangesAt is not null);
        IdleInWindows = new(this, job => (job.IdleWindowDueAt!.Value, job.Ordinal), belongs: job => !job.HasWork && job.IdleWindowDueAt is not null);
        Concurrent = new(this, OldestFirst, belongs: job => job.IsConcurrent);
        AwaitingSlot = new(this, OldestFirst, belongs: job => job.AwaitsSlot);
        WithWindows = new(this, OldestFirst, belongs: job => job.HasWindows);
    }

    /// <summary>Newest first, under each combination of filters that finds the job.</summary>
    public ManyIndex<Job, JobFilter, (long CreatedAt, long Ordinal)> ByFilter { get; }

    /// <summary>Open continuous jobs under each thing group that is their target, oldest first.</summary>
    public ManyIndex<Job, string, long> ContinuousOnGroup { get; }

    /// <summary>Jobs for whose executions something is to be done at once, oldest first.</summary>
    public OrderedIndex<Job, long> WithWork { get; }

    /// <summary>Jobs for which something falls due at a moment, the earliest first. Windows of idle jobs do not count.</summary>
    public OrderedIndex<Job, (Moment ChangesAt, long Ordinal)> Due { get; }

    /// <summary>Idle jobs whose maintenance window opens or closes, the earliest first.</summary>
    public OrderedIndex<Job, (Moment WindowDueAt, long Ordinal)> IdleInWindows { get; }

    /// <summary>Jobs that roll out or cancel: they count against the quota.</summary>
    public OrderedIndex<Job, long> Concurrent { get; }

    /// <summary>Jobs that may not roll out yet because too many do, oldest first.</summary>
    public OrderedIndex<Job, long> AwaitingSlot { get; }

    /// <summary>Jobs with maintenance windows.</summary>
    public OrderedIndex<Job, long> WithWindows { get; }

    private static readonly Func<Job, (long, long)> NewestFirst = static job => (-job.CreatedAt.Milliseconds, -job.Ordinal);

    private static readonly Func<Job, long> OldestFirst = static job => job.Ordinal;

    private static void FindFilters(Job job, List<JobFilter> filters)
    {
        AddFilters(job, null, filters);
        foreach (var group in TargetGroups(job))
            AddFilters(job, group, filters);
    }

    private static void AddFilters(Job job, string? group, List<JobFilter> filters)
    {
        filters.Add(new(job.Status, null, null, group));
        filters.Add(new(job.Status, job.TargetSelection, null, group));
        if (job.NamespaceId is not { } space)
            return;
        filters.Add(new(job.Status, null, space, group));
        filters.Add(new(job.Status, job.TargetSelection, space, group));
    }

    private static IEnumerable<string> TargetGroups(Job job) => job.HasGroupTargets
        ? job.Targets.Where(target => target.ThingGroupId is not null).Select(target => target.ThingGroupId!).Distinct()
        : [];
}

public sealed class JobTemplateTable : Table<string, JobTemplate>
{
    public JobTemplateTable(Realm realm) : base(realm)
    {
        NewestFirst = new(this, template => (-template.CreatedAt.Milliseconds, -template.Ordinal));
    }

    public OrderedIndex<JobTemplate, (long CreatedAt, long Ordinal)> NewestFirst { get; }
}

public sealed class JobDocumentTable(Realm realm) : Table<string, JobDocument>(realm);

public sealed class TargetExpansionTable : Table<long, TargetExpansion>
{
    public TargetExpansionTable(Realm realm) : base(realm)
    {
        OfJob = new(this, expansion => expansion.JobId, expansion => expansion.Ordinal);
        OfTarget = new(this, expansion => (expansion.JobId, expansion.TargetIndex), expansion => expansion.Ordinal);
        OfGroup = new(this, expansion => expansion.ThingGroupId, expansion => expansion.Ordinal);
    }

    public Index<TargetExpansion, string, long> OfJob { get; }

    public Index<TargetExpansion, (string JobId, int TargetIndex), long> OfTarget { get; }

    public Index<TargetExpansion, string, long> OfGroup { get; }
}

public sealed class WaitingTargetTable : Table<(string JobId, string ThingName), WaitingTarget>
{
    public WaitingTargetTable(Realm realm) : base(realm)
    {
        OfJob = new(this, waiting => waiting.JobId, waiting => waiting.Ordinal);
        OfTarget = new(this, waiting => (waiting.JobId, waiting.TargetIndex), waiting => waiting.Ordinal);
    }

    public Index<WaitingTarget, string, long> OfJob { get; }

    public Index<WaitingTarget, (string JobId, int TargetIndex), long> OfTarget { get; }
}

public sealed class JobExecutionTable : Table<JobExecutionKey, JobExecution>
{
    private static readonly (bool, Moment, long) BeforeAllPending = (false, new(long.MinValue), long.MinValue);

    public JobExecutionTable(Realm realm) : this(realm, new(key => key.ThingName, key => new(key.JobId, -key.ExecutionNumber)))
    {
    }

    // A thing's executions are one group, in which they are found by their keys, too: a fleet's things have few.
    private JobExecutionTable(Realm realm, GroupedSlots<JobExecutionKey, JobExecution, string, InPart<long>> ofThings) : base(realm, ofThings)
    {
        ((IIndexed<JobExecution>)this).Attach(ofThings);
        OfThingByJob = new(ofThings.ByKey, execution => new(execution.JobId, -execution.ExecutionNumber), long.MinValue);
        OfThing = new(ofThings, execution => (execution.Status, -execution.Ordinal));
        Pending = new(new(ofThings, InNamespace, belongs: execution => execution.IsPending), InNamespace, BeforeAllPending);
        OfJob = new(this, execution => (execution.JobId, execution.Status, execution.IsHidden), NewestFirst);
        PendingInNamespaces = new(
            this,
            execution => execution.ThingName,
            PendingOrder,
            belongs: execution => execution.NamespaceId is not null && execution.IsPending);
        Due = new(
            this,
            execution => (execution.TimesOutAt!.Value, execution.Ordinal),
            belongs: execution => execution.TimesOutAt is not null);
    }

    /// <summary>A job's executions by status, and whether devices see them, newest first.</summary>
    public Index<JobExecution, (string JobId, JobExecutionStatus Status, bool IsHidden), long> OfJob { get; }

    /// <summary>A job's executions of some statuses, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfJobAfter(string jobId, IEnumerable<JobExecutionStatus> statuses, long place) =>
        OfJob.MergedRowsAfter(statuses.SelectMany(status => new[] { (jobId, status, false), (jobId, status, true) }), place);

    /// <summary>A job's executions of one status.</summary>
    public IEnumerable<JobExecution> OfJobWithStatus(string jobId, JobExecutionStatus status) =>
        OfJob.RowsIn((jobId, status, false)).Concat(OfJob.RowsIn((jobId, status, true)));

    /// <summary>A thing's executions by status, within one newest first.</summary>
    public GroupOrder<JobExecution, string, (JobExecutionStatus Status, long Place)> OfThing { get; }

    /// <summary>A thing's executions of one status, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfThingWithStatus(string thingName, JobExecutionStatus status, long place = long.MinValue) =>
        OfThing.RowsAfter(thingName, (status, place)).TakeWhile(execution => execution.Status == status);

    /// <summary>A thing's executions of some statuses, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfThingAfter(string thingName, IEnumerable<JobExecutionStatus> statuses, long place) =>
        MergedRows.Of(statuses.Select(status => (OfThingWithStatus(thingName, status, place), NewestFirst)));

    private static Func<JobExecution, long> NewestFirst { get; } = execution => -execution.Ordinal;

    /// <summary>A thing's executions by job, of each job the newest first.</summary>
    public PartsOfGroups<JobExecution, string, long> OfThingByJob { get; }

    /// <summary>The newest run of a job on a thing, or null.</summary>
    public JobExecution? LatestRun(string jobId, string thingName) => OfThingByJob.First((thingName, jobId));

    /// <summary>The runs of a job on a thing, the newest first, after a place in that order: the negative of a number.</summary>
    public IEnumerable<JobExecution> Runs(string jobId, string thingName, long place = long.MinValue) => OfThingByJob.RowsAfter((thingName, jobId), place);

    /// <summary>What a device may take, in the order of <c>$next</c>: running ones first, each by the time of queuing.</summary>
    public PartsOfGroups<JobExecution, string, (bool IsQueued, Moment QueuedAt, long Ordinal)> Pending { get; }

    /// <summary>What a device may take in any namespace, in the same order.</summary>
    public Index<JobExecution, string, (bool IsQueued, Moment QueuedAt, long Ordinal)> PendingInNamespaces { get; }

    public static (bool IsQueued, Moment QueuedAt, long Ordinal) PendingOrder(JobExecution execution) =>
        (execution.Status == JobExecutionStatus.QUEUED, execution.QueuedAt, execution.Ordinal);

    private static InPart<(bool, Moment, long)> InNamespace(JobExecution execution) => new(execution.NamespaceId, PendingOrder(execution));

    /// <summary>Executions whose timer runs, the earliest end first.</summary>
    public OrderedIndex<JobExecution, (Moment TimesOutAt, long Ordinal)> Due { get; }
}
