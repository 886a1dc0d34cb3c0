using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.WebConsole.Queries;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A job as a form gives it. What is left empty is left out of the request; what is no number is sent as text, for the API to refuse.</summary>
public sealed class JobDraft
{
    private const string FirstDocument = "{\n  \"operation\": \"update\"\n}";

    public string JobId { get; set; } = "";

    /// <summary>A line for each target: a thing's name, <c>group:NAME</c>, or an ARN.</summary>
    public string Targets { get; set; } = "";

    /// <summary>The document; with a template it replaces the template's, unless it is empty.</summary>
    public string Document { get; set; } = FirstDocument;

    /// <summary>A link to the document in S3, instead of the document.</summary>
    public string DocumentSource { get; set; } = "";

    /// <summary>The ARN of the template that the job is created from; empty for none.</summary>
    public string TemplateArn { get; private set; } = "";

    /// <summary>The values for the parameters of a template that AWS provides.</summary>
    public IReadOnlyList<ParameterLine> Parameters { get; private set; } = [];

    public string Description { get; set; } = "";

    /// <summary>A line for each tag: <c>key=value</c>.</summary>
    public string Tags { get; set; } = "";

    public bool IsContinuous { get; set; }

    public string NamespaceId { get; set; } = "";

    public string MaximumPerMinute { get; set; } = "";

    public string BaseRatePerMinute { get; set; } = "";

    public string IncrementFactor { get; set; } = "";

    public string NumberOfNotifiedThings { get; set; } = "";

    public string NumberOfSucceededThings { get; set; } = "";

    public IList<AbortLine> Aborts { get; } = [];

    public string InProgressTimeout { get; set; } = "";

    public IList<RetryLine> Retries { get; } = [];

    public string RoleArn { get; set; } = "";

    public string ExpiresInSec { get; set; } = "";

    public string StartTime { get; set; } = "";

    public string EndTime { get; set; } = "";

    public string EndBehavior { get; set; } = "";

    public IList<WindowLine> Windows { get; } = [];

    /// <summary>A parameter of a template's document.</summary>
    public sealed class ParameterLine(string key)
    {
        public string Key { get; } = key;

        public string Value { get; set; } = "";
    }

    /// <summary>A criterion of the abort configuration.</summary>
    public sealed class AbortLine
    {
        public string FailureType { get; set; } = "ALL";

        public string Threshold { get; set; } = "";

        public string Minimum { get; set; } = "";
    }

    /// <summary>A criterion of the retry configuration.</summary>
    public sealed class RetryLine
    {
        public string FailureType { get; set; } = "ALL";

        public string Number { get; set; } = "";
    }

    /// <summary>A maintenance window.</summary>
    public sealed class WindowLine
    {
        public string StartTime { get; set; } = "";

        public string DurationInMinutes { get; set; } = "";
    }

    /// <summary>What UpdateJob can change of a job, as it is.</summary>
    public static JobDraft Of(Job job)
    {
        var (rollout, rate) = (job.RolloutConfig, job.RolloutConfig?.ExponentialRate);
        var draft = new JobDraft
        {
            JobId = job.JobId,
            Description = job.Description ?? "",
            MaximumPerMinute = FormText.Of(rollout?.MaximumPerMinute),
            BaseRatePerMinute = FormText.Of(rate?.BaseRatePerMinute),
            IncrementFactor = FormText.Of(rate?.IncrementFactor),
            NumberOfNotifiedThings = FormText.Of(rate?.RateIncreaseCriteria?.NumberOfNotifiedThings),
            NumberOfSucceededThings = FormText.Of(rate?.RateIncreaseCriteria?.NumberOfSucceededThings),
            InProgressTimeout = FormText.Of(job.TimeoutConfig?.InProgressTimeoutInMinutes),
            RoleArn = job.PresignedUrlConfig?.RoleArn ?? "",
            ExpiresInSec = FormText.Of(job.PresignedUrlConfig?.ExpiresInSec),
        };
        foreach (var criteria in job.AbortConfig?.CriteriaList ?? [])
        {
            draft.Aborts.Add(new()
            {
                FailureType = criteria.FailureType!.Text,
                Threshold = FormText.Of(criteria.ThresholdPercentage),
                Minimum = FormText.Of(criteria.MinNumberOfExecutedThings),
            });
        }
        foreach (var criteria in job.RetryConfig?.CriteriaList ?? [])
            draft.Retries.Add(new() { FailureType = criteria.FailureType!.Text, Number = FormText.Of(criteria.NumberOfRetries) });
        return draft;
    }

    /// <summary>Takes a template; null for none. A document that nobody has changed gives way to the template's.</summary>
    public void From(TemplateChoice? template)
    {
        if (Document is FirstDocument or "")
            Document = template is null ? FirstDocument : "";
        TemplateArn = template?.Arn ?? "";
        Parameters = [.. template?.Parameters.Select(parameter => new ParameterLine(parameter.Key)) ?? []];
    }

    /// <summary>The body of CreateJob.</summary>
    public JsonObject Request(Tenant tenant)
    {
        var body = new JsonObject { ["targets"] = TargetArns(tenant) };
        if (DocumentSource.Length > 0)
            body["documentSource"] = DocumentSource;
        else if (TemplateArn.Length == 0 || Document.Length > 0)
            body["document"] = Document;
        Add(body, "jobTemplateArn", TemplateArn);
        AddMembers(body, "documentParameters", FormText.Members([.. Parameters.Select(line => (line.Key, (JsonNode?)FormText.Text(line.Value)))]));
        Add(body, "description", Description);
        if (IsContinuous)
            body["targetSelection"] = "CONTINUOUS";
        Add(body, "namespaceId", NamespaceId);
        foreach (var (name, members) in Configurations())
            AddMembers(body, name, members);
        AddMembers(body, "schedulingConfig", Schedule());
        if (FormText.Lines(Tags).ToList() is { Count: > 0 } tags)
            body["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Name, ["Value"] = tag.Value })]);
        return body;
    }

    /// <summary>
    /// The body of UpdateJob: what is not as in the draft of the job as it was. What was emptied is sent empty, for the API to refuse: it replaces,
    /// and removes nothing.
    /// </summary>
    public JsonObject Update(JobDraft before)
    {
        var body = new JsonObject();
        if (Description != before.Description)
            body["description"] = Description;
        foreach (var ((name, now), (_, old)) in Configurations().Zip(before.Configurations()))
        {
            if (!JsonNode.DeepEquals(now, old))
                body[name] = now;
        }
        return body;
    }

    /// <summary>The targets as ARNs.</summary>
    public JsonArray TargetArns(Tenant tenant) =>
    [
        .. from line in Targets.Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
           select JsonValue.Create(
               line.StartsWith("arn:", StringComparison.Ordinal) ? line
               : line.StartsWith("group:", StringComparison.Ordinal) ? Arn.OfThingGroup(tenant, line["group:".Length..])
               : Arn.OfThing(tenant, line)),
    ];

    private IEnumerable<(string Name, JsonObject Members)> Configurations() =>
    [
        ("jobExecutionsRolloutConfig", Rollout()),
        ("abortConfig", Criteria(Aborts, line => FormText.Members(
            ("failureType", FormText.Text(line.FailureType)), ("action", JsonValue.Create("CANCEL")), ("thresholdPercentage", FormText.Number(line.Threshold)),
            ("minNumberOfExecutedThings", FormText.Number(line.Minimum))))),
        ("timeoutConfig", FormText.Members(("inProgressTimeoutInMinutes", FormText.Number(InProgressTimeout)))),
        ("jobExecutionsRetryConfig", Criteria(Retries, line => FormText.Members(
            ("failureType", FormText.Text(line.FailureType)), ("numberOfRetries", FormText.Number(line.Number))))),
        ("presignedUrlConfig", FormText.Members(("roleArn", FormText.Text(RoleArn)), ("expiresInSec", FormText.Number(ExpiresInSec)))),
    ];

    private JsonObject Rollout()
    {
        var criteria = FormText.Members(
            ("numberOfNotifiedThings", FormText.Number(NumberOfNotifiedThings)), ("numberOfSucceededThings", FormText.Number(NumberOfSucceededThings)));
        var rate = FormText.Members(("baseRatePerMinute", FormText.Number(BaseRatePerMinute)), ("incrementFactor", FormText.Number(IncrementFactor)));
        if (rate.Count > 0 || criteria.Count > 0)
            rate["rateIncreaseCriteria"] = criteria;
        var rollout = FormText.Members(("maximumPerMinute", FormText.Number(MaximumPerMinute)));
        AddMembers(rollout, "exponentialRate", rate);
        return rollout;
    }

    private JsonObject Schedule()
    {
        var schedule = FormText.Members(("startTime", FormText.Text(StartTime)), ("endTime", FormText.Text(EndTime)), ("endBehavior", FormText.Text(EndBehavior)));
        if (Windows.Count > 0)
        {
            schedule["maintenanceWindows"] = new JsonArray([.. Windows.Select(line => FormText.Members(
                ("startTime", FormText.Text(line.StartTime)), ("durationInMinutes", FormText.Number(line.DurationInMinutes))))]);
        }
        return schedule;
    }

    private static JsonObject Criteria<TLine>(IList<TLine> lines, Func<TLine, JsonObject> members) =>
        lines.Count == 0 ? [] : new() { ["criteriaList"] = new JsonArray([.. lines.Select(members)]) };

    private static void Add(JsonObject body, string name, string text)
    {
        if (text.Length > 0)
            body[name] = text;
    }

    private static void AddMembers(JsonObject body, string name, JsonObject members)
    {
        if (members.Count > 0)
            body[name] = members;
    }
}
