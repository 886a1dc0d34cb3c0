using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobs.html"/>
public static class ListJobs
{
    public sealed record Response(ValueList<JobSummary> Jobs, string? NextToken);

    /// <summary>How a job reads in a list. Source: API_JobSummary.</summary>
    /// <param name="job">The job.</param>
    /// <param name="arns">What the ARNs of jobs begin with.</param>
    /// <param name="group">The id of the group that was asked for; null when none was.</param>
    public sealed class JobSummary(Job job, string arns, string? group)
    {
        public ArnText JobArn => new(arns, job.JobId);

        public string JobId => job.JobId;

        /// <summary>The group that was asked for; left out when none was.</summary>
        public string? ThingGroupId => group;

        public EnumText<TargetSelection> TargetSelection => job.TargetSelection;

        public EnumText<JobStatus> Status => job.Status;

        public Moment CreatedAt => job.CreatedAt;

        public Moment LastUpdatedAt => job.LastUpdatedAt;

        public Moment? CompletedAt => job.CompletedAt;

        public bool IsConcurrent => job.IsConcurrent;
    }

    /// <summary>The list is sorted by status, in the order of the guide's sample; within one, the newest comes first.</summary>
    private static readonly JobStatus[] StatusOrder = [IN_PROGRESS, SCHEDULED, COMPLETED, CANCELED, DELETION_IN_PROGRESS];

    /// <summary>Lists jobs, sorted by status.</summary>
    public static Response Handle(
        Realm realm,
        EnumText<JobStatus>? status,
        EnumText<TargetSelection>? targetSelection,
        [LaserMaxResults] int? maxResults,
        [NextToken] string? nextToken,
        [ThingGroupName] string? thingGroupName,
        [ThingGroupId] string? thingGroupId,
        [NamespaceId] string? namespaceId)
    {
        var group = Group(realm, thingGroupName, thingGroupId);
        // A job that waits for its start was seen to be missing from a group's list (aws/aws-cli#8924), unless it is asked for.
        var statuses = status is { } only ? [only.Value] : StatusOrder.Where(one => group is null || one != SCHEDULED);
        var place = Page.ReadToken(nameof(ListJobs), nextToken, parts: 3);
        var from = place is null ? 0 : Page.ParseNumber(place[0]);
        var rows = statuses.Where(one => Rank(one) >= from).SelectMany(one => realm.Jobs.ByFilter.RowsAfter(
            new(one, targetSelection?.Value, namespaceId, group),
            place is not null && Rank(one) == from ? new(Page.ParseNumber(place[1]), Page.ParseNumber(place[2])) : new(long.MinValue, 0)));
        var arns = Arn.PrefixOf(realm, Arn.JobType);
        var (jobs, next) = Page.Take(nameof(ListJobs), rows, maxResults,
            job => new JobSummary(job, arns, group),
            job => [Rank(job.Status), -job.CreatedAt.Milliseconds, -job.Ordinal]);
        return new(jobs, next);
    }

    private static string? Group(Realm realm, string? name, string? id)
    {
        if (name is not null && id is not null)
            throw ServiceError.InvalidRequest.Because("Only one of thingGroupName and thingGroupId can be specified.");
        if (name is not null)
            return RegistryLookup.GetThingGroup(realm, name).ThingGroupId;
        return id is null || realm.ThingGroups.Find(id) is { IsDeleted: false }
            ? id
            : throw ServiceError.ResourceNotFound.Because($"Thing group with id {id} cannot be found.");
    }

    private static int Rank(JobStatus status) => Array.IndexOf(StatusOrder, status);
}
