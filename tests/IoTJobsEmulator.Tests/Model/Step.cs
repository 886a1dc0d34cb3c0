using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Model;

/// <summary>One thing that happens. It is sent to the emulator and told to the model; each answers 200 or the name of an error.</summary>
internal abstract record Step
{
    public abstract Task<string> Send(ModelFixture fixture);

    public abstract string Tell(ReferenceModel model);

    protected static string Force(bool force) => force ? "?force=true" : "";

    protected static JsonArray Arns(IEnumerable<string> targets) => [.. targets.Select(target => (JsonNode)ModelFixture.Arn(target))];

    /// <summary>The names, as a failure prints them.</summary>
    protected internal sealed record Names(params IReadOnlyList<string> All)
    {
        public override string ToString() => string.Join("+", All);
    }
}

internal sealed record CreateThing(string Thing) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("POST", $"/things/{Thing}");

    public override string Tell(ReferenceModel model) => model.CreateThing(Thing);
}

internal sealed record DeleteThing(string Thing) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("DELETE", $"/things/{Thing}");

    public override string Tell(ReferenceModel model) => model.DeleteThing(Thing);
}

/// <summary>Steps that chance would seldom bring together.</summary>
internal abstract record Story : Step
{
    protected abstract Step[] Steps { get; }

    public override async Task<string> Send(ModelFixture fixture)
    {
        var answers = new List<string>();
        foreach (var step in Steps)
            answers.Add(await step.Send(fixture));
        return string.Join(' ', answers);
    }

    public override string Tell(ReferenceModel model) => string.Join(' ', Steps.Select(step => step.Tell(model)));
}

/// <summary>A thing is deleted, and another of its name created, which joins a group.</summary>
internal sealed record ReplaceThing(string Thing, string Group) : Story
{
    protected override Step[] Steps => [new DeleteThing(Thing), new CreateThing(Thing), new Join(Thing, Group)];
}

/// <summary>A device starts, leaves a group meanwhile, and fails.</summary>
internal sealed record FailOutside(string Thing, string Group, string Job) : Story
{
    protected override Step[] Steps => [new StartNext(Thing, null), new Leave(Thing, Group), new Report(Thing, Job, "FAILED", null, null)];
}

internal sealed record Join(string Thing, string Group) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("PUT", "/thing-groups/addThingToThingGroup", new() { ["thingName"] = Thing, ["thingGroupName"] = Group });

    public override string Tell(ReferenceModel model) => model.Join(Thing, Group);
}

internal sealed record Leave(string Thing, string Group) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("PUT", "/thing-groups/removeThingFromThingGroup", new() { ["thingName"] = Thing, ["thingGroupName"] = Group });

    public override string Tell(ReferenceModel model) => model.Leave(Thing, Group);
}

internal sealed record CreateJob(string Job, Step.Names Targets, bool IsContinuous, JobConfig Config) : Step
{
    public override Task<string> Send(ModelFixture fixture)
    {
        var body = Wire(Config);
        (body["targets"], body["document"], body["targetSelection"]) = (Arns(Targets.All), "{}", IsContinuous ? "CONTINUOUS" : "SNAPSHOT");
        if (Config.Abort is { } abort)
            body["abortConfig"] = Criteria(new { abort.FailureType, Action = "CANCEL", MinNumberOfExecutedThings = abort.Min, ThresholdPercentage = abort.Percent });
        var scheduling = new JsonObject();
        if (Config.Times is { } times)
        {
            (scheduling["startTime"], scheduling["endTime"], scheduling["endBehavior"]) = (Time(times.Start), Time(times.End), times.Behavior);
        }
        if (Config.Window is { } window)
            scheduling["maintenanceWindows"] = Json(new[] { new { StartTime = $"cron(0 {window.Hour} ? * * *)", DurationInMinutes = window.Minutes } });
        if (scheduling.Count > 0)
            body["schedulingConfig"] = scheduling;
        return fixture.Send("PUT", $"/jobs/{Job}", body);

        string? Time(int? minutes) => minutes is { } number ? fixture.Now.AddMinutes(number).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null;
    }

    public override string Tell(ReferenceModel model) => model.CreateJob(Job, Targets.All, IsContinuous, Config);

    /// <summary>What both CreateJob and UpdateJob take.</summary>
    public static JsonObject Wire(JobConfig config)
    {
        var body = new JsonObject();
        if (config.TimeoutInMinutes is { } minutes)
            body["timeoutConfig"] = new JsonObject { ["inProgressTimeoutInMinutes"] = minutes };
        if (config.Rate is { Base: null } rate)
            body["jobExecutionsRolloutConfig"] = new JsonObject { ["maximumPerMinute"] = rate.PerMinute };
        if (config.Rate is { Base: not null } growing)
        {
            body["jobExecutionsRolloutConfig"] = Json(new
            {
                MaximumPerMinute = growing.PerMinute,
                ExponentialRate = new
                {
                    BaseRatePerMinute = growing.Base,
                    IncrementFactor = Rate.Factor,
                    RateIncreaseCriteria = growing.NotifiedThings is not null ? Json(new { NumberOfNotifiedThings = growing.NotifiedThings }) : Json(new { NumberOfSucceededThings = growing.SucceededThings }),
                },
            });
        }
        if (config.Retries.Count > 0)
            body["jobExecutionsRetryConfig"] = Criteria([.. config.Retries.Select(retry => new { retry.FailureType, NumberOfRetries = retry.Number })]);
        return body;
    }

    private static JsonObject Criteria(params object[] list) => new() { ["criteriaList"] = Json(list) };

    private static JsonNode Json(object value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web)!;
}

internal sealed record UpdateJob(string Job, JobConfig Config) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("PATCH", $"/jobs/{Job}", CreateJob.Wire(Config));

    public override string Tell(ReferenceModel model) => model.UpdateJob(Job, Config);
}

internal sealed record AssociateTargets(string Job, Step.Names Targets) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("POST", $"/jobs/{Job}/targets", new() { ["targets"] = Arns(Targets.All) });

    public override string Tell(ReferenceModel model) => model.AssociateTargets(Job, Targets.All);
}

internal sealed record CancelJob(string Job, bool IsForced) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("PUT", $"/jobs/{Job}/cancel{Force(IsForced)}");

    public override string Tell(ReferenceModel model) => model.CancelJob(Job, IsForced);
}

internal sealed record DeleteJob(string Job, bool IsForced) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("DELETE", $"/jobs/{Job}{Force(IsForced)}");

    public override string Tell(ReferenceModel model) => model.DeleteJob(Job, IsForced);
}

internal sealed record CancelExecution(string Job, string Thing, bool IsForced, int? VersionOff) : Step
{
    public override Task<string> Send(ModelFixture fixture) =>
        fixture.Send("PUT", $"/things/{Thing}/jobs/{Job}/cancel{Force(IsForced)}", new() { ["expectedVersion"] = fixture.Version(Job, Thing, VersionOff) });

    public override string Tell(ReferenceModel model) => model.CancelExecution(Job, Thing, IsForced, VersionOff);
}

internal sealed record DeleteExecution(string Job, string Thing, int Number, bool IsForced) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Send("DELETE", $"/things/{Thing}/jobs/{Job}/executionNumber/{Number}{Force(IsForced)}");

    public override string Tell(ReferenceModel model) => model.DeleteExecution(Job, Thing, Number, IsForced);
}

internal sealed record StartNext(string Thing, int? StepTimeout) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.SendAsDevice("PUT", $"/things/{Thing}/jobs/$next", new() { ["stepTimeoutInMinutes"] = StepTimeout });

    public override string Tell(ReferenceModel model) => model.StartNext(Thing, StepTimeout);
}

internal sealed record Report(string Thing, string Job, string Status, int? VersionOff, int? StepTimeout) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.SendAsDevice("POST", $"/things/{Thing}/jobs/{Job}",
        new() { ["status"] = Status, ["expectedVersion"] = fixture.Version(Job, Thing, VersionOff), ["stepTimeoutInMinutes"] = StepTimeout });

    public override string Tell(ReferenceModel model) => model.Report(Thing, Job, Status, VersionOff, StepTimeout);
}

internal sealed record MinutesPass(int Minutes) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Advance(Minutes);

    public override string Tell(ReferenceModel model)
    {
        model.Pass(model.Now.AddMinutes(Minutes), wasDown: false);
        return "200";
    }
}

internal sealed record Restart(int DownForMinutes) : Step
{
    public override Task<string> Send(ModelFixture fixture) => fixture.Restart(DownForMinutes);

    public override string Tell(ReferenceModel model)
    {
        model.Pass(model.Now.AddMinutes(DownForMinutes), wasDown: true);
        return "200";
    }
}
