using System.Text;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Mqtt;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The exact message of each announcement.</summary>
public sealed class EventTopicsTests
{
    private static readonly Moment At = new(1767268800_500);

    private static readonly JobExecution Queued = new() { JobId = "update-firmware", ThingName = "pump-1", ExecutionNumber = 1, Ordinal = 1, QueuedAt = At, LastUpdatedAt = At };

    private static readonly Job Job = new()
    {
        JobId = "update-firmware",
        Ordinal = 1,
        TargetSelection = TargetSelection.SNAPSHOT,
        Status = JobStatus.COMPLETED,
        Targets = new([new JobTarget("arn:aws:iot:us-east-1:123456789012:thing/pump-1", "pump-1", null)]),
        Description = "all pumps",
        Comment = "why",
        CreatedAt = At,
        LastUpdatedAt = At,
        CompletedAt = At,
        Counts = new() { Succeeded = 2, Failed = 1 },
    };

    private readonly Realm _realm = new World(() => Guid.Empty).Realm("123456789012", "us-east-1");

    [Fact]
    public void A_changed_list_is_grouped_by_status_and_an_empty_status_is_omitted()
    {
        Assert.Equal(
            """$aws/things/pump-1/jobs/notify {"timestamp":1767268800,"jobs":{"QUEUED":[{"jobId":"update-firmware","queuedAt":1767268800,"lastUpdatedAt":1767268800,"executionNumber":1,"versionNumber":1}]}}""",
            MessageOf(new PendingExecutionsChanged("pump-1", null, new([Queued]))));
        Assert.Equal("""$aws/things/pump-1/jobs/notify {"timestamp":1767268800,"jobs":{}}""", MessageOf(new PendingExecutionsChanged("pump-1", null, [])));
        Assert.Contains(
            "\"jobs\":{\"IN_PROGRESS\":[{\"jobId\":\"install\"",
            MessageOf(new PendingExecutionsChanged("pump-1", null, new([Queued, Queued with { JobId = "install", Status = JobExecutionStatus.IN_PROGRESS }]))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_execution_has_its_document_and_no_thing()
    {
        Assert.Equal(
            """$aws/things/pump-1/jobs/notify-next {"timestamp":1767268800,"execution":{"jobId":"update-firmware","status":"QUEUED","queuedAt":1767268800,"lastUpdatedAt":1767268800,"versionNumber":1,"executionNumber":1,"jobDocument":{"a":[1.50,"\u00fc"]}}}""".Replace("\\u00fc", "ü", StringComparison.Ordinal),
            MessageOf(new NextExecutionChanged("pump-1", null, Queued, new() { JobId = "update-firmware", Text = """{ "a": [1.50, "ü"] }""" })));
        Assert.Equal("""$aws/things/pump-1/jobs/notify-next {"timestamp":1767268800}""", MessageOf(new NextExecutionChanged("pump-1", null, null, null)));
    }

    [Fact]
    public void A_namespace_has_notifications_of_its_own()
    {
        Assert.StartsWith("$aws/things/pump-1/jobs/notify-namespace-aws-gg-deployment {", MessageOf(new PendingExecutionsChanged("pump-1", "aws-gg-deployment", [])), StringComparison.Ordinal);
        Assert.StartsWith("$aws/things/pump-1/jobs/notify-next-namespace-aws-gg-deployment {", MessageOf(new NextExecutionChanged("pump-1", "aws-gg-deployment", null, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_list_of_a_namespace_is_also_published_to_the_topics_of_its_jobs()
    {
        var changed = new PendingExecutionsChanged("pump-1", "fleet", []) { JobIds = ["install", "reboot"] };

        Assert.Equal(
            ["$aws/things/pump-1/jobs/install/notify-namespace-fleet/", "$aws/things/pump-1/jobs/reboot/notify-namespace-fleet/"],
            EventTopics.OtherTopicsOf(changed));
        Assert.Empty(EventTopics.OtherTopicsOf(new PendingExecutionsChanged("pump-1", null, [])));
        Assert.Empty(EventTopics.OtherTopicsOf(new NextExecutionChanged("pump-1", "fleet", null, null)));
    }

    [Fact]
    public void An_event_of_an_execution_without_details_has_no_member_for_them()
    {
        foreach (var details in new ValueMap?[] { null, [] })
        {
            Assert.EndsWith(
                "\"status\":\"FAILED\"}",
                MessageOf(new JobExecutionEvent(Queued with { Status = JobExecutionStatus.FAILED, StatusDetails = details }, IsDeleted: false)),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(JobOperation.completed, """"status":"COMPLETED","targetSelection":"SNAPSHOT","targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"description":"all pumps","completedAt":1767268800500,"createdAt":1767268800500,"lastUpdatedAt":1767268800500,"jobProcessDetails":{"numberOfCanceledThings":0,"numberOfRejectedThings":0,"numberOfFailedThings":1,"numberOfRemovedThings":0,"numberOfSucceededThings":2}}"""")]
    [InlineData(JobOperation.canceled, """"status":"CANCELED","targetSelection":"SNAPSHOT","targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"description":"all pumps","createdAt":1767268800500,"lastUpdatedAt":1767268800500}"""")]
    [InlineData(JobOperation.cancellation_in_progress, """"status":"CANCELLATION_IN_PROGRESS","targetSelection":"SNAPSHOT","targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"description":"all pumps","createdAt":1767268800500,"lastUpdatedAt":1767268800500,"comment":"why"}"""")]
    [InlineData(JobOperation.deletion_in_progress, """"status":"DELETION_IN_PROGRESS","targetSelection":"SNAPSHOT","targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"description":"all pumps","createdAt":1767268800500,"lastUpdatedAt":1767268800500,"comment":"why"}"""")]
    [InlineData(JobOperation.deleted, """"status":"DELETED","targetSelection":"SNAPSHOT","targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"description":"all pumps","createdAt":1767268800500,"lastUpdatedAt":1767268800500,"comment":"why"}"""")]
    public void A_job_has_events(JobOperation operation, string rest) => Assert.Equal(
        $$"""$aws/events/job/update-firmware/{{operation}} {"eventType":"JOB","eventId":"00000000-0000-0000-0000-000000000000","timestamp":1767268800,"operation":"{{operation}}","jobId":"update-firmware","{{rest}}""",
        MessageOf(new JobEvent(operation, Job)));

    [Theory]
    [InlineData(JobExecutionStatus.SUCCEEDED, "succeeded")]
    [InlineData(JobExecutionStatus.TIMED_OUT, "timed_out")]
    [InlineData(JobExecutionStatus.REMOVED, "removed")]
    public void A_finished_execution_has_an_event(JobExecutionStatus status, string operation) => Assert.Equal(
        $$$"""$aws/events/jobExecution/update-firmware/{{{operation}}} {"eventType":"JOB_EXECUTION","eventId":"00000000-0000-0000-0000-000000000000","timestamp":1767268800,"operation":"{{{operation}}}","jobId":"update-firmware","thingArn":"arn:aws:iot:us-east-1:123456789012:thing/pump-1","status":"{{{status}}}","statusDetails":{"step":"3"}}""",
        MessageOf(new JobExecutionEvent(Queued with { Status = status, StatusDetails = new([new("step", "3")]) }, IsDeleted: false)));

    [Fact]
    public void Events_are_off_by_default()
    {
        Announcement[] announcements =
        [
            new PendingExecutionsChanged("pump-1", null, []), new JobEvent(JobOperation.completed, Job), new NextExecutionChanged("pump-1", null, null, null),
            new JobExecutionEvent(Queued, IsDeleted: true),
        ];

        Assert.Equal([announcements[0], announcements[2]], EventTopics.PublishedOf(announcements, events: null));
        Assert.Equal([announcements[0], announcements[2], announcements[3]], EventTopics.PublishedOf(announcements, AllEvents with { Enabled = new([EventType.JOB_EXECUTION]) }));
        Assert.Same(announcements, EventTopics.PublishedOf(announcements, AllEvents));
    }

    private static EventConfiguration AllEvents { get; } = new() { Enabled = new(Enum.GetValues<EventType>()), CreatedAt = At, LastModifiedAt = At };

    private string MessageOf(Announcement announcement)
    {
        var (topic, payload) = new EventTopics(() => Guid.Empty).MessageOf(_realm.Tenant, At, announcement);
        return $"{topic} {Encoding.UTF8.GetString(payload.Bytes.Span)}";
    }
}
