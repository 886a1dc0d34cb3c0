using System.Text;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Wire;

/// <summary>Answers are written in the same bytes by the functions made for them, by codecs and by System.Text.Json's reflection.</summary>
public sealed class RecordWriterTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(999, "0.999")]
    [InlineData(1_767_225_610_000, "1767225610")]
    [InlineData(1_767_225_610_100, "1767225610.1")]
    [InlineData(1_767_225_610_120, "1767225610.12")]
    [InlineData(1_767_225_610_003, "1767225610.003")]
    [InlineData(999_999_999_999, "999999999.999")]
    [InlineData(1_000_000_000_000, "1000000000")]
    [InlineData(1_020_304_050_607, "1020304050.607")]
    [InlineData(9_999_999_999_999, "9999999999.999")]
    [InlineData(10_000_000_000_000, "10000000000")]
    [InlineData(10_000_000_000_010, "10000000000.01")]
    [InlineData(1_767_225_610_030, "1767225610.03")]
    [InlineData(-1, "-0.001")]
    [InlineData(-1_500, "-1.5")]
    [InlineData(-2_000, "-2")]
    public void A_moment_is_seconds_since_the_epoch(long milliseconds, string written)
    {
        var text = new byte[40];
        Assert.Equal(written, Encoding.ASCII.GetString(text, 0, JsonText.Format(new(milliseconds), text)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1_767_225_610_000)]
    [InlineData(1_767_225_610_100)]
    [InlineData(1_767_225_610_120)]
    [InlineData(1_767_225_610_003)]
    [InlineData(-1)]
    [InlineData(-30_610_224_000_000)]
    public void Moments_and_absent_members(long milliseconds)
    {
        AssertSame(new ListJobs.Response([], null));
        Assert.True(Job(milliseconds, null, null).IsConcurrent);
        Assert.False(Job(milliseconds, "group", null).IsConcurrent);
        AssertSame(new ListJobs.Response([Job(milliseconds, null, null), Job(milliseconds, "group", milliseconds)], "next"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pump-1")]
    [InlineData("a \"quoted\" back\\slash/&<>'+=")]
    [InlineData("line\nbreak\ttab\u0000\u001f\u007f")]
    [InlineData("Düse 泵 🚀 \u2028 \uFFFF")]
    [InlineData("half \ud83d")]
    public void Texts(string text) => AssertSame(new ListThings.Response(
        [new(text, null, text, [], 1), new(text, text, new ArnText(text, "thing/" + text), new([KeyValuePair.Create(text, text), KeyValuePair.Create(text + "2", "")]), long.MaxValue)], text));

    /// <summary>Texts are looked at in vectors, which may overlap at their ends.</summary>
    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('\\')]
    [InlineData('\u001f')]
    [InlineData('\u007f')]
    [InlineData('\u0080')]
    [InlineData('\u0141')]
    [InlineData('\u4141')]
    [InlineData('\uff41')]
    public void Texts_of_all_lengths_with_a_character_at_each_place(char character)
    {
        var texts =
            from length in Enumerable.Range(1, 50)
            from place in Enumerable.Range(0, length)
            select string.Create(length, place, (text, at) =>
            {
                text.Fill('x');
                text[at] = character;
            });
        AssertSame(new ListThingsInThingGroup.Response(new(texts), null));
    }

    [Fact]
    public void Long_pages_and_records_within_records() => AssertSame(new ListJobExecutionsForJob.Response(
        new(Enumerable.Range(0, 5_000).Select(i => new ListJobExecutionsForJob.JobExecutionSummaryForJob($"arn:{i}", new(new()
        {
            JobId = "update-firmware",
            ThingName = "pump-1",
            Ordinal = i,
            Status = JobExecutionStatus.QUEUED,
            QueuedAt = new(i),
            StartedAt = i % 2 == 0 ? null : new Moment(i),
            LastUpdatedAt = new(i),
            ExecutionNumber = i,
            RetryAttempt = -i,
        })))), null));

    [Fact]
    public void Answers_that_are_one_record()
    {
        AssertSame(new CreateJob.Response("arn", "update-firmware", null));
        AssertSame(new CreateJob.Response("arn", "update-firmware", "a \"quoted\" text"));
        AssertSame(new UpdateJobExecution.Response(null, null));
        AssertSame(new UpdateJobExecution.Response(new(JobExecutionStatus.IN_PROGRESS, new([KeyValuePair.Create("progress", "50%")]), 2), "{\"a\":1}"));
        AssertSame(new StartNextPendingJobExecution.Response((DeviceJobExecution?)null));
        AssertSame(new GetPendingJobExecutions.Response([], [new() { JobId = "update-firmware", QueuedAt = 1, LastUpdatedAt = 2, ExecutionNumber = 1, VersionNumber = 1 }]));
    }

    /// <summary>Each member of an enum has one object, but a caller's text becomes another.</summary>
    [Theory]
    [InlineData("IN_PROGRESS")]
    [InlineData("a \"quoted\" text")]
    public void Members_of_enums_that_came_as_texts(string text)
    {
        foreach (var status in Enum.GetValues<JobExecutionStatus>())
            AssertSame(new UpdateJobExecution.Response(new(status, [], 1), null));
        AssertSame(new UpdateJobExecution.Response(new(new(text), [], 1), null));
    }

    [Fact]
    public void Arns_that_begin_differently_in_turn() => AssertSame(new ListThings.Response(
        new(Enumerable.Range(0, 10).Select(i => new ListThings.ThingAttribute("pump", null, new ArnText(i % 3 == 0 ? "arn:a:" : i % 3 == 1 ? "" : "arn:\"b\":", "thing/pump"), [], 1))), null));

    [Fact]
    public void A_function_is_made_for_plain_records_only()
    {
        Assert.Null(RecordWriter.Make<JobView>());
        Assert.Null(RecordWriter.Make<CancelJob.Request>()); // no answer, though all of it is plain
        Assert.Null(RecordWriter.Make<object>());
    }

    /// <summary>A list has its elements written by a function when there were many.</summary>
    [Fact]
    public void A_list_that_is_written_often()
    {
        var page = new ListThings.Response(new(Enumerable.Range(0, 250).Select(i => new ListThings.ThingAttribute($"pump-{i}", null, new ArnText("arn:", "thing"), [], i))), null);
        var expected = JsonSerializer.Serialize(page, ReflectingJson.Options);
        for (var i = 0; i < 100; i++)
        {
            using var json = WireJson.Text(page, typeof(ListThings.Response));
            Assert.Equal(expected, Encoding.UTF8.GetString(json.Written.Span));
        }
    }

    private static ListJobs.JobSummary Job(long milliseconds, string? group, long? completedAt) => new(
        new()
        {
            JobId = "update-firmware",
            Ordinal = 1,
            Targets = [],
            TargetSelection = TargetSelection.SNAPSHOT,
            Status = group is null ? JobStatus.CANCELED : JobStatus.IN_PROGRESS,
            WaitingCount = 1,
            CreatedAt = new(milliseconds),
            LastUpdatedAt = new(milliseconds),
            CompletedAt = completedAt is { } at ? new Moment(at) : null,
        },
        "arn:",
        group);

    private static void AssertSame<T>(T answer) where T : class
    {
        var expected = JsonSerializer.Serialize(answer, ReflectingJson.Options);
        using var json = WireJson.Text(answer, typeof(T));
        Assert.Equal(expected, Encoding.UTF8.GetString(json.Written.Span));
        using var written = JsonText.Rent();
        RecordWriter.Make<T>()!(written, JsonPrefix.None, answer);
        Assert.Equal(expected, Encoding.UTF8.GetString(written.Written.Span));
    }
}
