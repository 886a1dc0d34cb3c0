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
    public sealed record JobSummary
    {
        public required ArnText JobArn { get; init; }

        public required string JobId { get; init; }

        /// <summary>The group that was asked for; left out when none was.</summary>
        public string? ThingGroupId { get; init; }

        public required EnumText<TargetSelection> TargetSelection { get; init; }

        public required EnumText<JobStatus> Status { get; init; }

        public required Moment CreatedAt { get; init; }

        public required Moment LastUpdatedAt { get; init; }

        public Moment? CompletedAt { get; init; }

        public required bool IsConcurrent { get; init; }
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
            place is not null && Rank(one) == from ? (Page.ParseNumber(place[1]), Page.ParseNumber(place[2])) : (long.MinValue, 0)));
        var arns = Arn.PrefixOf(realm, Arn.JobType);
        var (jobs, next) = Page.Take(nameof(ListJobs), rows, maxResults,
            job => Summary(job, arns, group),
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

    private static JobSummary Summary(Job job, string arns, string? group) => new()
    {
        JobArn = new(arns, job.JobId),
        JobId = job.JobId,
        ThingGroupId = group,
        TargetSelection = job.TargetSelection,
        Status = job.Status,
        CreatedAt = job.CreatedAt,
        LastUpdatedAt = job.LastUpdatedAt,
        CompletedAt = job.CompletedAt,
        IsConcurrent = job.IsConcurrent,
    };
}
