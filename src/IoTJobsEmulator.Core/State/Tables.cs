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
            FindAttributes,
            static name => thing => new(thing.Attributes[name.Text], thing.ThingName),
            samePlaces: (before, after) => ReferenceEquals(before.Attributes, after.Attributes));
        ((IIndexed<Thing>)this).Attach(new NamesInWorld(realm));
    }

    public OrderedIndex<Thing, Name> ByName { get; }

    public Index<Thing, Name, Name> OfType { get; }

    public Index<Thing, Name, Name> OfBillingGroup { get; }

    /// <summary>Under each attribute's name, by its value: values with a prefix stand together.</summary>
    public ManyIndex<Thing, Name, AttributePlace> ByAttribute { get; }

    private static void FindAttributes(Thing thing, StructList<Name> names)
    {
        foreach (var name in thing.Attributes.Keys)
            names.Add(name);
    }

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
        Deleted = new(this, group => new(-group.Path.Length, group.Ordinal), belongs: group => group.IsDeleted);
        Dynamic = new(this, group => group.Ordinal, belongs: group => group.IsDynamic && !group.IsDeleted);
        Evaluating = new(this, group => group.Ordinal, belongs: group => group.LastEvaluatedThingName is not null && !group.IsDeleted);
    }

    /// <summary>All groups that callers can see, by name.</summary>
    public OrderedIndex<ThingGroup, Name> ByName { get; }

    public Index<ThingGroup, Name, Number> OfName { get; }

    /// <summary>Child groups in order of creation, those on their way out included; groups without a parent stand under <see cref="NoParent"/>.</summary>
    public Index<ThingGroup, Name, Number> OfParent { get; }

    public const string NoParent = "";

    /// <summary>All groups by path, so that everything below a group stands together.</summary>
    public OrderedIndex<ThingGroup, Name> ByPath { get; }

    /// <summary>Deleted groups that still have members; the deepest first, because a membership that ends looks up the parent groups.</summary>
    public OrderedIndex<ThingGroup, Place<Number>> Deleted { get; }

    /// <summary>Dynamic groups in order of creation.</summary>
    public OrderedIndex<ThingGroup, Number> Dynamic { get; }

    /// <summary>Dynamic groups whose query is yet to be asked of some things.</summary>
    public OrderedIndex<ThingGroup, Number> Evaluating { get; }
}

public sealed class ThingTypeTable : Table<string, ThingType>
{
    public ThingTypeTable(Realm realm) : base(realm)
    {
        ByName = new(this, type => type.ThingTypeName);
    }

    public OrderedIndex<ThingType, Name> ByName { get; }
}

public sealed class BillingGroupTable : Table<string, BillingGroup>
{
    public BillingGroupTable(Realm realm) : base(realm)
    {
        ByName = new(this, group => group.BillingGroupName);
    }

    public OrderedIndex<BillingGroup, Name> ByName { get; }
}

public sealed class PrincipalAttachmentTable : Table<PrincipalAttachmentKey, PrincipalAttachment>
{
    public PrincipalAttachmentTable(Realm realm) : base(realm)
    {
        OfThing = new(this, attachment => attachment.ThingName, attachment => attachment.Ordinal);
        OfPrincipal = new(this, attachment => attachment.Principal, attachment => attachment.Ordinal);
    }

    public Index<PrincipalAttachment, Name, Number> OfThing { get; }

    public Index<PrincipalAttachment, Name, Number> OfPrincipal { get; }
}

public sealed class EventConfigurationTable(Realm realm) : Table<string, EventConfiguration>(realm)
{
    /// <summary>The only row; null until events are first configured.</summary>
    public EventConfiguration? Only => Find(EventConfiguration.OnlyKey);
}

public sealed class ResourceTagsTable(Realm realm) : Table<string, ResourceTags>(realm)
{
    /// <summary>Removes the tags of a resource that was deleted.</summary>
    public void RemoveIfPresent(string resourceArn)
    {
        if (Find(resourceArn) is not null)
            Remove(resourceArn);
    }
}

public sealed class MembershipTable : Table<MembershipKey, Membership>
{
    public MembershipTable(Realm realm) : base(realm)
    {
        OfGroup = new(this, membership => membership.ThingGroupId, membership => membership.Ordinal);
        OfThing = new(this, membership => membership.ThingName, membership => membership.Ordinal);
    }

    public Index<Membership, Name, Number> OfGroup { get; }

    public Index<Membership, Name, Number> OfThing { get; }
}

public sealed class DeletedThingTable : Table<Number, DeletedThing>
{
    public DeletedThingTable(Realm realm) : base(realm)
    {
        InOrder = new(this, thing => thing.Ordinal);
        OfName = new(this, thing => thing.ThingName, thing => -thing.Ordinal);
    }

    public OrderedIndex<DeletedThing, Number> InOrder { get; }

    public Index<DeletedThing, Name, Number> OfName { get; }
}

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
            FindContinuousGroups,
            static _ => OldestFirst,
            samePlaces: (before, after) => before.TakesNewThings == after.TakesNewThings && ReferenceEquals(before.Targets, after.Targets));
        WithWork = new(this, OldestFirst, belongs: job => job.HasWork);
        Due = new(this, job => new(job.ChangesAt!.Value, job.Ordinal), belongs: job => !job.HasWork && job.ChangesAt is not null);
        IdleInWindows = new(this, job => new(job.IdleWindowDueAt!.Value, job.Ordinal), belongs: job => !job.HasWork && job.IdleWindowDueAt is not null);
        Concurrent = new(this, OldestFirst, belongs: job => job.IsConcurrent);
        AwaitingSlot = new(this, OldestFirst, belongs: job => job.AwaitsSlot);
        WithWindows = new(this, OldestFirst, belongs: job => job.HasWindows);
    }

    /// <summary>Newest first, under each combination of filters that finds the job.</summary>
    public ManyIndex<Job, JobFilter, Place<Number>> ByFilter { get; }

    /// <summary>Open continuous jobs under each thing group that is their target, oldest first.</summary>
    public ManyIndex<Job, Name, Number> ContinuousOnGroup { get; }

    /// <summary>Jobs for whose executions something is to be done at once, oldest first.</summary>
    public OrderedIndex<Job, Number> WithWork { get; }

    /// <summary>Jobs for which something falls due at a moment, the earliest first. Windows of idle jobs do not count.</summary>
    public OrderedIndex<Job, Place<Moment>> Due { get; }

    /// <summary>Idle jobs whose maintenance window opens or closes, the earliest first.</summary>
    public OrderedIndex<Job, Place<Moment>> IdleInWindows { get; }

    /// <summary>Jobs that roll out or cancel: they count against the quota.</summary>
    public OrderedIndex<Job, Number> Concurrent { get; }

    /// <summary>Jobs that may not roll out yet because too many do, oldest first.</summary>
    public OrderedIndex<Job, Number> AwaitingSlot { get; }

    /// <summary>Jobs with maintenance windows.</summary>
    public OrderedIndex<Job, Number> WithWindows { get; }

    private static readonly Func<Job, Place<Number>> NewestFirst = static job => new(-job.CreatedAt.Milliseconds, -job.Ordinal);

    private static readonly Func<Job, Number> OldestFirst = static job => job.Ordinal;

    private static void FindContinuousGroups(Job job, StructList<Name> groups)
    {
        if (!job.TakesNewThings)
            return;
        foreach (var group in TargetGroups(job))
            groups.Add(group);
    }

    private static void FindFilters(Job job, StructList<JobFilter> filters)
    {
        AddFilters(job, null, filters);
        foreach (var group in TargetGroups(job))
            AddFilters(job, group, filters);
    }

    private static void AddFilters(Job job, string? group, StructList<JobFilter> filters)
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
        NewestFirst = new(this, template => new(-template.CreatedAt.Milliseconds, -template.Ordinal));
    }

    public OrderedIndex<JobTemplate, Place<Number>> NewestFirst { get; }
}

public sealed class JobDocumentTable(Realm realm) : Table<string, JobDocument>(realm);

public sealed class TargetExpansionTable : Table<Number, TargetExpansion>
{
    public TargetExpansionTable(Realm realm) : base(realm)
    {
        OfJob = new(this, expansion => expansion.JobId, expansion => expansion.Ordinal);
        OfTarget = new(this, expansion => new(expansion.JobId, expansion.TargetIndex), expansion => expansion.Ordinal);
        OfGroup = new(this, expansion => expansion.ThingGroupId, expansion => expansion.Ordinal);
    }

    public Index<TargetExpansion, Name, Number> OfJob { get; }

    public Index<TargetExpansion, TargetOfJob, Number> OfTarget { get; }

    public Index<TargetExpansion, Name, Number> OfGroup { get; }
}

public sealed class WaitingTargetTable : Table<WaitingTargetKey, WaitingTarget>
{
    public WaitingTargetTable(Realm realm) : base(realm)
    {
        OfJob = new(this, waiting => waiting.JobId, waiting => waiting.Ordinal);
        OfTarget = new(this, waiting => new(waiting.JobId, waiting.TargetIndex), waiting => waiting.Ordinal);
    }

    public Index<WaitingTarget, Name, Number> OfJob { get; }

    public Index<WaitingTarget, TargetOfJob, Number> OfTarget { get; }
}

public sealed class JobExecutionTable : Table<JobExecutionKey, JobExecution>
{
    private static readonly PendingPlace BeforeAllPending = new(false, new(long.MinValue), long.MinValue);

    public JobExecutionTable(Realm realm) : this(realm, new(key => key.ThingName, key => new(key.JobId, -key.ExecutionNumber)))
    {
    }

    // A thing's executions are one group, in which they are found by their keys, too: a fleet's things have few.
    private JobExecutionTable(Realm realm, GroupedSlots<JobExecutionKey, JobExecution, Name, InPart<Number>> ofThings) : base(realm, ofThings)
    {
        ((IIndexed<JobExecution>)this).Attach(ofThings);
        OfThingByJob = new(ofThings.ByKey, execution => new(execution.JobId, -execution.ExecutionNumber), long.MinValue);
        OfThing = new(ofThings, execution => new((int)execution.Status, -execution.Ordinal));
        Pending = new(new(ofThings, InNamespace, belongs: execution => execution.IsPending), InNamespace, BeforeAllPending);
        OfJob = new(this, execution => new(execution.JobId, execution.Status, execution.IsHidden), NewestFirst);
        PendingInNamespaces = new(
            this,
            execution => execution.ThingName,
            PendingOrder,
            belongs: execution => execution.NamespaceId is not null && execution.IsPending);
        Due = new(
            this,
            execution => new(execution.TimesOutAt!.Value, execution.Ordinal),
            belongs: execution => execution.TimesOutAt is not null);
    }

    /// <summary>A job's executions by status, and whether devices see them, newest first.</summary>
    public Index<JobExecution, StatusOfJob, Number> OfJob { get; }

    /// <summary>A job's executions of some statuses, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfJobAfter(string jobId, IEnumerable<JobExecutionStatus> statuses, long place) =>
        OfJob.MergedRowsAfter(GroupsOf(jobId, statuses), place);

    /// <summary>A job's executions of one status.</summary>
    public IEnumerable<JobExecution> OfJobWithStatus(string jobId, JobExecutionStatus status) =>
        OfJob.RowsIn(new(jobId, status, false)).Concat(OfJob.RowsIn(new(jobId, status, true)));

    /// <summary>A thing's executions by status, within one newest first.</summary>
    public GroupOrder<JobExecution, Name, Place<Number>> OfThing { get; }

    /// <summary>A thing's executions of one status, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfThingWithStatus(string thingName, JobExecutionStatus status, long place = long.MinValue) =>
        OfThing.RowsAfter(thingName, new((int)status, place)).TakeWhile(execution => execution.Status == status);

    /// <summary>A thing's executions of some statuses, newest first, after a place in that order.</summary>
    public IEnumerable<JobExecution> OfThingAfter(string thingName, IEnumerable<JobExecutionStatus> statuses, long place)
    {
        var lists = new List<SortedRows<JobExecution, Number>>();
        foreach (var status in statuses)
            lists.Add(new(OfThingWithStatus(thingName, status, place), NewestFirst));
        return MergedRows.Of(lists);
    }

    private static IEnumerable<StatusOfJob> GroupsOf(string jobId, IEnumerable<JobExecutionStatus> statuses)
    {
        foreach (var status in statuses)
        {
            yield return new(jobId, status, false);
            yield return new(jobId, status, true);
        }
    }

    private static Func<JobExecution, Number> NewestFirst { get; } = execution => -execution.Ordinal;

    /// <summary>A thing's executions by job, of each job the newest first.</summary>
    public PartsOfGroups<JobExecution, Name, Number> OfThingByJob { get; }

    /// <summary>The newest run of a job on a thing, or null.</summary>
    public JobExecution? LatestRun(string jobId, string thingName) => OfThingByJob.First(new(thingName, jobId));

    /// <summary>The runs of a job on a thing, the newest first, after a place in that order: the negative of a number.</summary>
    public IEnumerable<JobExecution> Runs(string jobId, string thingName, long place = long.MinValue) => OfThingByJob.RowsAfter(new(thingName, jobId), place);

    /// <summary>What a device may take, in the order of <c>$next</c>: running ones first, each by the time of queuing.</summary>
    public PartsOfGroups<JobExecution, Name, PendingPlace> Pending { get; }

    /// <summary>What a device may take in any namespace, in the same order.</summary>
    public Index<JobExecution, Name, PendingPlace> PendingInNamespaces { get; }

    public static PendingPlace PendingOrder(JobExecution execution) =>
        new(execution.Status == JobExecutionStatus.QUEUED, execution.QueuedAt, execution.Ordinal);

    private static InPart<PendingPlace> InNamespace(JobExecution execution) => new(execution.NamespaceId, PendingOrder(execution));

    /// <summary>Executions whose timer runs, the earliest end first.</summary>
    public OrderedIndex<JobExecution, Place<Moment>> Due { get; }
}
