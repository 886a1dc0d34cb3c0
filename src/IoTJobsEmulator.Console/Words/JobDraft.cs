using System.Globalization;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A job as a form gives it. What is left empty is left out of the request; what is no number is sent as text, for the API to refuse.</summary>
public sealed class JobDraft
{
    public string JobId { get; set; } = "";

    /// <summary>A line for each target: a thing's name, <c>group:NAME</c>, or an ARN.</summary>
    public string Targets { get; set; } = "";

    public string Document { get; set; } = "{\n  \"operation\": \"update\"\n}";

    public string Description { get; set; } = "";

    public bool IsContinuous { get; set; }

    public string MaximumPerMinute { get; set; } = "";

    public string BaseRatePerMinute { get; set; } = "";

    public string IncrementFactor { get; set; } = "";

    public string NumberOfNotifiedThings { get; set; } = "";

    public string NumberOfSucceededThings { get; set; } = "";

    public string AbortFailureType { get; set; } = "";

    public string AbortThreshold { get; set; } = "";

    public string AbortMinimum { get; set; } = "";

    public string InProgressTimeout { get; set; } = "";

    public string RetryFailureType { get; set; } = "";

    public string NumberOfRetries { get; set; } = "";

    public string StartTime { get; set; } = "";

    public string EndTime { get; set; } = "";

    public string EndBehavior { get; set; } = "";

    /// <summary>The body of CreateJob.</summary>
    public JsonObject Request(Tenant tenant)
    {
        var body = new JsonObject
        {
            ["targets"] = new JsonArray([.. TargetArns(tenant).Select(arn => JsonValue.Create(arn))]),
            ["document"] = Document,
        };
        Add(body, "description", Description);
        if (IsContinuous)
            body["targetSelection"] = "CONTINUOUS";
        AddMembers(body, "jobExecutionsRolloutConfig", Rollout());
        AddMembers(body, "abortConfig", Abort());
        AddMembers(body, "timeoutConfig", Members(("inProgressTimeoutInMinutes", Number(InProgressTimeout))));
        AddMembers(body, "jobExecutionsRetryConfig", Retry());
        AddMembers(body, "schedulingConfig", Members(("startTime", Text(StartTime)), ("endTime", Text(EndTime)), ("endBehavior", Text(EndBehavior))));
        return body;
    }

    private IEnumerable<string> TargetArns(Tenant tenant) =>
        from line in Targets.Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        select line.StartsWith("arn:", StringComparison.Ordinal) ? line
            : line.StartsWith("group:", StringComparison.Ordinal) ? Arn.OfThingGroup(tenant, line["group:".Length..])
            : Arn.OfThing(tenant, line);

    private JsonObject Rollout()
    {
        var criteria = Members(("numberOfNotifiedThings", Number(NumberOfNotifiedThings)), ("numberOfSucceededThings", Number(NumberOfSucceededThings)));
        var rate = Members(("baseRatePerMinute", Number(BaseRatePerMinute)), ("incrementFactor", Number(IncrementFactor)));
        if (rate.Count > 0 || criteria.Count > 0)
            rate["rateIncreaseCriteria"] = criteria;
        var rollout = Members(("maximumPerMinute", Number(MaximumPerMinute)));
        AddMembers(rollout, "exponentialRate", rate);
        return rollout;
    }

    private JsonObject Abort()
    {
        if (AbortFailureType.Length == 0)
            return [];
        var criteria = Members(
            ("failureType", Text(AbortFailureType)), ("action", JsonValue.Create("CANCEL")), ("thresholdPercentage", Number(AbortThreshold)),
            ("minNumberOfExecutedThings", Number(AbortMinimum)));
        return new() { ["criteriaList"] = new JsonArray(criteria) };
    }

    private JsonObject Retry() => RetryFailureType.Length == 0
        ? []
        : new() { ["criteriaList"] = new JsonArray(Members(("failureType", Text(RetryFailureType)), ("numberOfRetries", Number(NumberOfRetries)))) };

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

    private static JsonObject Members(params (string Name, JsonNode? Value)[] members)
    {
        var given = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
                given[name] = value;
        }
        return given;
    }

    private static JsonValue? Text(string text) => text.Trim() is { Length: > 0 } given ? JsonValue.Create(given) : null;

    private static JsonValue? Number(string text)
    {
        if (text.Trim() is not { Length: > 0 } given)
            return null;
        return long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
            : double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
            : JsonValue.Create(given);
    }
}
