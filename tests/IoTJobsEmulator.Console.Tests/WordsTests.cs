using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Words;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>What the console says.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "now")]
    [InlineData(0.999, "now")]
    [InlineData(-1, "1 s ago")]
    [InlineData(59, "in 59 s")]
    [InlineData(-60, "1 min ago")]
    [InlineData(185, "in 3 min 5 s")]
    [InlineData(-7200, "2 h ago")]
    [InlineData(90_000, "in 1 d 1 h")]
    public void A_moment_is_told_as_it_lies_to_now(double seconds, string text) =>
        Assert.Equal(text, Times.Relative(FakeEmulator.Start + TimeSpan.FromSeconds(seconds), FakeEmulator.Start));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("90", 90)]
    [InlineData(" 15 m ", 900)]
    [InlineData("15min", 900)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604_800)]
    [InlineData("500ms", 0.5)]
    public void A_duration_is_read_as_it_is_typed(string text, double seconds)
    {
        Assert.True(DurationText.TryRead(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1h")]
    [InlineData("1x")]
    [InlineData("99999999d")]
    public void What_is_no_duration_is_not_read(string text) => Assert.False(DurationText.TryRead(text, out _));

    [Fact]
    public void The_parts_of_a_bar_fill_it_and_the_smallest_is_seen()
    {
        var parts = Executions.Parts(new() { Succeeded = 99_999, Failed = 1 });
        Assert.Equal([(JobExecutionStatus.SUCCEEDED, 0, 994), (JobExecutionStatus.FAILED, 994, 6)], parts.Select(part => (part.Status, part.From, part.Width)));
        Assert.Empty(Executions.Parts(new()));
    }

    [Fact]
    public void Counts_are_told_in_words()
    {
        Assert.Equal("No executions yet", Executions.InWords(new()));
        Assert.Equal("2 of 3 finished: 1 SUCCEEDED, 1 FAILED, 1 QUEUED", Executions.InWords(new() { Succeeded = 1, Failed = 1, Queued = 1 }));
    }

    [Fact]
    public void Configurations_are_told_in_sentences()
    {
        var emulator = new FakeEmulator();
        emulator.CreateWith("update-firmware", new()
        {
            JobExecutionsRolloutConfig = new() { MaximumPerMinute = 100, ExponentialRate = new() { BaseRatePerMinute = 10, IncrementFactor = 1.5, RateIncreaseCriteria = new() { NumberOfNotifiedThings = 20 } } },
            AbortConfig = new() { CriteriaList = [new() { Action = AbortAction.CANCEL, FailureType = JobExecutionFailureType.ALL, MinNumberOfExecutedThings = 5, ThresholdPercentage = 12.5 }] },
            TimeoutConfig = new() { InProgressTimeoutInMinutes = 90 },
            JobExecutionsRetryConfig = new() { CriteriaList = [new() { FailureType = RetryableFailureType.TIMED_OUT, NumberOfRetries = 1 }] },
        }, "pump-1");
        Assert.Equal(
            [
                "SNAPSHOT: the things that were targets when the job was created.",
                "10 executions are queued a minute at first, times 1.5 with each 20 things notified, at most 100.",
                "The job is canceled when 12.5 % of at least 5 finished executions are FAILED, REJECTED or TIMED_OUT. So far 0 of 0.",
                "An execution that is IN_PROGRESS for 1 h 30 min becomes TIMED_OUT.",
                "An execution that is TIMED_OUT is retried once.",
            ],
            JobWords.Configurations(emulator.Realm.Jobs.Find("update-firmware")!).SelectMany(configuration => configuration.Sentences));
    }

    [Fact]
    public void A_form_becomes_the_body_of_CreateJob()
    {
        var draft = new JobDraft
        {
            Document = "{}",
            Targets = "pump-1\ngroup:pumps\narn:aws:iot:us-east-1:123456789012:thing/pump-2",
            MaximumPerMinute = "many",
            AbortFailureType = "ALL",
            AbortThreshold = "12.5",
            AbortMinimum = "5",
        };
        Assert.Equal(
            """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1","arn:aws:iot:us-east-1:123456789012:thinggroup/pumps","arn:aws:iot:us-east-1:123456789012:thing/pump-2"],"document":"{}","jobExecutionsRolloutConfig":{"maximumPerMinute":"many"},"abortConfig":{"criteriaList":[{"failureType":"ALL","action":"CANCEL","thresholdPercentage":12.5,"minNumberOfExecutedThings":5}]}}""",
            draft.Request(new("123456789012", "us-east-1")).ToJsonString());
    }

    [Fact]
    public void A_form_becomes_the_body_of_UpdateJobExecution() => Assert.Equal(
        """{"status":"FAILED","statusDetails":{"step":"a=b","note":""},"expectedVersion":2,"stepTimeoutInMinutes":"x"}""",
        DeviceUpdate.Json(JobExecutionStatus.FAILED, " step = a=b\n\nnote", " 2", "x"));

    [Theory]
    [InlineData("123456789012/us-east-1/jobs/update-firmware?status=FAILED", "111122223333/eu-west-1/jobs")]
    [InlineData("123456789012/us-east-1/clock", "111122223333/eu-west-1/clock")]
    [InlineData("123456789012/us-east-1/create-job", "111122223333/eu-west-1")]
    [InlineData("123456789012/us-east-1", "111122223333/eu-west-1")]
    [InlineData("", "111122223333/eu-west-1")]
    public void Another_account_is_shown_in_the_same_section(string address, string other) =>
        Assert.Equal(other, ConsoleAddress.InTenant(address, new("111122223333", "eu-west-1")));

    [Fact]
    public void An_address_that_names_no_account_is_of_none()
    {
        Assert.Null(ConsoleAddress.TenantIn("not-found"));
        Assert.Equal(new Tenant("123456789012", "us-east-1"), ConsoleAddress.TenantIn("123456789012/us-east-1?x=1"));
    }
}
