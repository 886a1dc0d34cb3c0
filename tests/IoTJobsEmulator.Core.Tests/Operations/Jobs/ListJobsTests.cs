using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class ListJobsTests
{
    private readonly TestRealm _test = new();
    private readonly string _siteId;

    public ListJobsTests()
    {
        _test.CreateGroup("site", members: "pump-1");
        _siteId = _test.Group("site").ThingGroupId;
        _test.CreateGroup("yard");
    }

    [Fact]
    public void Refuses_a_group_that_is_not_there_and_one_named_twice()
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group hall cannot be found.", () => List(thingGroupName: "hall"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group with id 1-2-3 cannot be found.", () => List(thingGroupId: "1-2-3"));
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Only one of thingGroupName and thingGroupId can be specified.", () => List(thingGroupName: "site", thingGroupId: _siteId));
    }

    [Fact]
    public void Refuses_a_group_that_was_deleted_though_due_work_is_not_done_with_it()
    {
        _test.CreateFleet("depot", 1500);
        var depotId = _test.Group("depot").ThingGroupId;
        DeleteThingGroup.Handle(_test, "depot", null);

        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group depot cannot be found.", () => List(thingGroupName: "depot"));
        _test.AssertRefused(ServiceError.ResourceNotFound, $"Thing group with id {depotId} cannot be found.", () => List(thingGroupId: depotId));
    }

    [Theory]
    [InlineData("garbage!")]
    [InlineData("Z2FyYmFnZQ")]
    [InlineData("TGlzdEpvYnMKMAox")]
    [InlineData("TGlzdEpvYnMKYQoxCjE")]
    public void Refuses_a_token_that_it_did_not_write(string token) =>
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => List(nextToken: token));

    [Fact]
    public void Shows_a_summary()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.Jump(Minutes(1));
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED);

        AssertShows(null, List());
        AssertShows(_siteId, List(thingGroupName: "site"));
        AssertShows(_siteId, List(thingGroupId: _siteId));

        static void AssertShows(string? thingGroupId, ListJobs.Response answer)
        {
            var job = Assert.Single(answer.Jobs);
            Assert.Equal(JobArn("update-firmware"), job.JobArn);
            Assert.Equal("update-firmware", job.JobId);
            Assert.Equal(thingGroupId, job.ThingGroupId);
            Assert.Equal(TargetSelection.SNAPSHOT, job.TargetSelection);
            Assert.Equal(JobStatus.COMPLETED, job.Status);
            Assert.Equal(Start, job.CreatedAt);
            Assert.Equal(Start + Minutes(1), job.LastUpdatedAt);
            Assert.Equal(Start + Minutes(1), job.CompletedAt);
            Assert.False(job.IsConcurrent);
            Assert.Null(answer.NextToken);
        }
    }

    [Fact]
    public void Is_sorted_by_status_and_then_the_newest_comes_first()
    {
        foreach (var status in Enum.GetValues<JobStatus>())
        {
            _test.CreateJobInStatus($"{status}-1", status);
            _test.CreateJobInStatus($"{status}-2", status);
            _test.Jump(Seconds(1));
            _test.CreateJobInStatus($"{status}-3", status);
        }

        Assert.Equal(
            from status in new[] { "IN_PROGRESS", "SCHEDULED", "COMPLETED", "CANCELED", "DELETION_IN_PROGRESS" } from number in new[] { 3, 2, 1 } select $"{status}-{number}",
            List().Jobs.Select(job => job.JobId));
    }

    [Fact]
    public void Every_combination_of_filters_finds_what_it_says()
    {
        foreach (var selection in Enum.GetValues<TargetSelection>())
        {
            foreach (var group in new[] { "site", "yard" })
            {
                foreach (var space in new[] { null, "fleet" })
                {
                    _test.CreateJob(
                        $"{selection}-{group}-{space}-open", targets: [ThingArn("pump-1"), GroupArn(group)],
                        isContinuous: selection == TargetSelection.CONTINUOUS, namespaceId: space);
                    _test.CreateJob(
                        $"{selection}-{group}-{space}-gone", group: group,
                        isContinuous: selection == TargetSelection.CONTINUOUS, namespaceId: space);
                    if (_test.Job($"{selection}-{group}-{space}-gone").IsOpen)
                        _test.CancelJob($"{selection}-{group}-{space}-gone");
                }
            }
        }

        foreach (var status in Enum.GetValues<JobStatus>().Cast<JobStatus?>().Append(null))
        {
            foreach (var selection in Enum.GetValues<TargetSelection>().Cast<TargetSelection?>().Append(null))
            {
                foreach (var group in new[] { "site", "yard", null })
                {
                    foreach (var space in new[] { "fleet", "other", null })
                    {
                        Assert.Equal(
                            _test.Realm.Jobs.All
                                .Where(job => status is null || job.Status == status)
                                .Where(job => selection is null || job.TargetSelection == selection)
                                .Where(job => group is null || job.JobId.Contains(group, StringComparison.Ordinal))
                                .Where(job => space is null || job.NamespaceId == space)
                                .Select(job => job.JobId).Order(),
                            List(status, selection, thingGroupName: group, namespaceId: space).Jobs.Select(job => job.JobId).Order());
                    }
                }
            }
        }
    }

    [Fact]
    public void A_job_that_waits_for_its_start_is_missing_from_a_group_s_list_unless_it_is_asked_for()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.Realm.Jobs.Change("update-firmware", job => job with { Status = JobStatus.SCHEDULED });

        Assert.Empty(List(thingGroupName: "site").Jobs);
        Assert.Single(List(JobStatus.SCHEDULED, thingGroupName: "site").Jobs);
        Assert.Single(List().Jobs);
    }

    [Fact]
    public void Pages_go_through_all_statuses_and_the_last_has_no_token()
    {
        foreach (var number in Enumerable.Range(1, 6))
            _test.CreateJobInStatus($"reboot-{number}", number % 2 == 0 ? JobStatus.COMPLETED : JobStatus.IN_PROGRESS);

        foreach (var size in new[] { 1, 2, 3, 4, 6 })
        {
            List<string> listed = [];
            string? token = null;
            do
            {
                var page = List(maxResults: size, nextToken: token);
                listed.AddRange(page.Jobs.Select(job => job.JobId));
                token = page.NextToken;
            }
            while (token is not null && listed.Count <= 6);
            Assert.Equal(["reboot-5", "reboot-3", "reboot-1", "reboot-6", "reboot-4", "reboot-2"], listed);
        }
        Assert.Null(List(maxResults: 6).NextToken);
        Assert.NotNull(List(maxResults: 5).NextToken);
    }

    [Fact]
    public void What_keeps_its_place_is_listed_once_while_others_come_and_go()
    {
        foreach (var number in Enumerable.Range(1, 9))
            _test.CreateJobInStatus($"reboot-{number}", JobStatus.IN_PROGRESS);

        var first = List(maxResults: 3);
        _test.CreateJob("reboot-10", thing: "pump-1");
        _test.DeleteJob("reboot-7", force: true);
        _test.DeleteJob("reboot-6", force: true);
        _test.DeleteJob("reboot-2", force: true);
        _test.DoDueWork();
        _test.Jump(Seconds(2));
        _test.DoDueWork();
        var second = List(maxResults: 3, nextToken: first.NextToken);
        var third = List(maxResults: 3, nextToken: second.NextToken);

        Assert.Equal(["reboot-9", "reboot-8", "reboot-7", "reboot-5", "reboot-4", "reboot-3", "reboot-1"], first.Jobs.Concat(second.Jobs).Concat(third.Jobs).Select(job => job.JobId));
        Assert.Null(third.NextToken);
    }

    private ListJobs.Response List(
        JobStatus? status = null,
        TargetSelection? selection = null,
        int? maxResults = null,
        string? nextToken = null,
        string? thingGroupName = null,
        string? thingGroupId = null,
        string? namespaceId = null) => ListJobs.Handle(_test, status, selection, maxResults, nextToken, thingGroupName, thingGroupId, namespaceId);
}
