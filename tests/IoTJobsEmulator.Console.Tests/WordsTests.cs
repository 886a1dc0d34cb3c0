using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Queries;
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
        };
        draft.Aborts.Add(new() { FailureType = "ALL", Threshold = "12.5", Minimum = "5" });
        Assert.Equal(
            """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1","arn:aws:iot:us-east-1:123456789012:thinggroup/pumps","arn:aws:iot:us-east-1:123456789012:thing/pump-2"],"document":"{}","jobExecutionsRolloutConfig":{"maximumPerMinute":"many"},"abortConfig":{"criteriaList":[{"failureType":"ALL","action":"CANCEL","thresholdPercentage":12.5,"minNumberOfExecutedThings":5}]}}""",
            draft.Request(new("123456789012", "us-east-1")).ToJsonString());
    }

    [Fact]
    public void A_form_with_several_criteria_windows_and_presigned_URLs_becomes_the_body_of_CreateJob()
    {
        var draft = new JobDraft
        {
            DocumentSource = "https://s3.amazonaws.com/b/k",
            Targets = "pump-1",
            IsContinuous = true,
            NamespaceId = "n",
            RoleArn = " arn:aws:iam::123456789012:role/r ",
            ExpiresInSec = "60",
            InProgressTimeout = "5",
            EndTime = "2026-02-01T00:00",
            EndBehavior = "CANCEL",
        };
        draft.Retries.Add(new() { FailureType = "FAILED", Number = "2" });
        draft.Retries.Add(new() { FailureType = "TIMED_OUT", Number = "1" });
        draft.Windows.Add(new() { StartTime = "cron(0 2 * * ? *)", DurationInMinutes = "60" });
        Assert.Equal(
            """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"documentSource":"https://s3.amazonaws.com/b/k","targetSelection":"CONTINUOUS","namespaceId":"n","timeoutConfig":{"inProgressTimeoutInMinutes":5},"jobExecutionsRetryConfig":{"criteriaList":[{"failureType":"FAILED","numberOfRetries":2},{"failureType":"TIMED_OUT","numberOfRetries":1}]},"presignedUrlConfig":{"roleArn":"arn:aws:iam::123456789012:role/r","expiresInSec":60},"schedulingConfig":{"endTime":"2026-02-01T00:00","endBehavior":"CANCEL","maintenanceWindows":[{"startTime":"cron(0 2 * * ? *)","durationInMinutes":60}]}}""",
            draft.Request(new("123456789012", "us-east-1")).ToJsonString());
    }

    [Fact]
    public void A_job_from_a_template_takes_its_document_unless_the_form_has_one_and_has_parameters_and_tags()
    {
        var draft = new JobDraft { Targets = "pump-1", Tags = "team = pumps\nteam=valves\nspare" };
        draft.From(TemplateChoice.All(new FakeEmulator().Realm).Single(choice => choice.Name == "AWS-Reboot 1.0"));
        draft.Parameters[1].Value = "/etc/handlers";
        Assert.Equal(
            """{"targets":["arn:aws:iot:us-east-1:123456789012:thing/pump-1"],"jobTemplateArn":"arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0","documentParameters":{"pathToHandler":"/etc/handlers"},"tags":[{"Key":"team","Value":"pumps"},{"Key":"team","Value":"valves"},{"Key":"spare","Value":""}]}""",
            draft.Request(new("123456789012", "us-east-1")).ToJsonString());
        draft.Document = "{}";
        draft.From(null);
        Assert.Equal("{}", draft.Document);
        draft.Document = "";
        draft.From(null);
        Assert.Contains("operation", draft.Document, StringComparison.Ordinal);
        Assert.DoesNotContain("Template", draft.Request(new("123456789012", "us-east-1")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_job_is_sent_as_what_was_changed_alone()
    {
        var emulator = new FakeEmulator();
        emulator.CreateWith("update-firmware", new()
        {
            Description = "as it was",
            JobExecutionsRolloutConfig = new() { MaximumPerMinute = 100, ExponentialRate = new() { BaseRatePerMinute = 10, IncrementFactor = 1.5, RateIncreaseCriteria = new() { NumberOfNotifiedThings = 20 } } },
            AbortConfig = new() { CriteriaList = [new() { Action = AbortAction.CANCEL, FailureType = JobExecutionFailureType.ALL, MinNumberOfExecutedThings = 5, ThresholdPercentage = 12.5 }] },
            TimeoutConfig = new() { InProgressTimeoutInMinutes = 90 },
            JobExecutionsRetryConfig = new() { CriteriaList = [new() { FailureType = RetryableFailureType.TIMED_OUT, NumberOfRetries = 1 }] },
        }, "pump-1");
        var (before, draft) = (JobDraft.Of(emulator.Realm.Jobs.Find("update-firmware")!), JobDraft.Of(emulator.Realm.Jobs.Find("update-firmware")!));
        Assert.Equal("{}", draft.Update(before).ToJsonString());
        draft.Description = "";
        draft.Aborts[0].Threshold = "20";
        draft.Retries.Clear();
        Assert.Equal(
            """{"description":"","abortConfig":{"criteriaList":[{"failureType":"ALL","action":"CANCEL","thresholdPercentage":20,"minNumberOfExecutedThings":5}]},"jobExecutionsRetryConfig":{}}""",
            draft.Update(before).ToJsonString());
    }

    [Fact]
    public void A_fault_is_edited_with_every_member_that_a_rule_can_have()
    {
        const string Rule = """{"operation":"UpdateJobExecution","service":"iot-jobs-data","account":"123456789012","region":"us-east-1","thing":"pump-*","jobId":"update-*","transport":"mqtt","times":2,"after":1,"probability":0.5,"seed":7,"error":{"statusCode":500,"code":"Odd","message":"Something odd"},"delay":"2s","duplicate":true}""";
        const string Notification = """{"notification":"notify-next","thing":"pump-1","times":1,"drop":"before"}""";
        foreach (var rule in (string[])[Rule, Notification, """{"operation":"*","error":{"name":"ThrottlingException"}}"""])
            Assert.Equal(rule, FaultDraft.Of(System.Text.Json.Nodes.JsonNode.Parse(rule)!.AsObject()).Json());
    }

    [Theory]
    [InlineData("cron(0 2 * * ? *)", "every day at 02:00 UTC")]
    [InlineData("cron(30 8,20 ? * MON-FRI *)", "every MON to FRI at 08:30, 20:30 UTC")]
    [InlineData("cron(0 2 ? * 1,7 *)", "every SUN, SAT at 02:00 UTC")]
    [InlineData("cron(5 4 1,15 6 ? 2027)", "on day 1, 15 of the month in JUN of 2027 at 04:05 UTC")]
    [InlineData("cron(0 3 L * ? *)", "on the last day of the month at 03:00 UTC")]
    [InlineData("cron(0,30 * * * ? *)", "every day at minute 0, 30 of every hour UTC")]
    [InlineData("cron(0/15 2 * * ? *)", null)]
    [InlineData("cron(0 2 ? * 2#1 *)", null)]
    [InlineData("cron(0 2 1 * MON *)", null)]
    [InlineData("cron(0 2 ? * 8 *)", null)]
    [InlineData("every day", null)]
    public void The_usual_windows_are_told_in_words(string expression, string? words) => Assert.Equal(words, CronWords.Of(expression));

    [Fact]
    public void A_payload_is_shown_byte_for_byte()
    {
        var text = new PayloadBytes([.. """{ "a" : 1.0 }"""u8]);
        Assert.Equal((true, """{ "a" : 1.0 }""", 13), (text.IsText, text.Text, text.Length));
        var bytes = new PayloadBytes([0xff, 0x00, .. "0123456789abcdef"u8]);
        Assert.False(bytes.IsText);
        Assert.Equal("00000000  ff 00 30 31 32 33 34 35  36 37 38 39 61 62 63 64  ..0123456789abcd\n00000010  65 66" + new string(' ', 45) + "ef", bytes.Hex);
        Assert.False(new PayloadBytes([0x07]).IsText);
        Assert.Equal("", new PayloadBytes([]).Hex);
        Assert.True(new PayloadBytes(new byte[70_000]).IsHexCut);
    }

    [Fact]
    public void Events_are_told_in_words()
    {
        static string Words(string json)
        {
            var words = new EventWords(System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject());
            return $"{words.Type} {words.Change} {words.JobId} {words.Thing} {words.Status}: {words.Rest}";
        }

        Assert.Equal("job updated j  IN_PROGRESS: 1 SUCCEEDED, 2 QUEUED", Words("""{"number":1,"type":"job","change":"updated","jobId":"j","status":"IN_PROGRESS","counts":{"SUCCEEDED":1,"QUEUED":2}}"""));
        Assert.Equal(
            "execution updated j t FAILED: execution 2, version 3, step: a",
            Words("""{"number":1,"type":"execution","change":"updated","jobId":"j","thing":"t","executionNumber":2,"status":"FAILED","version":3,"statusDetails":{"step":"a"}}"""));
        Assert.Equal("clock    : frozen", Words("""{"number":1,"type":"clock","frozen":true}"""));
        Assert.Equal("connection disconnected   : client t, Success", Words("""{"number":1,"type":"connection","change":"disconnected","clientId":"t","reason":"Success"}"""));
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
