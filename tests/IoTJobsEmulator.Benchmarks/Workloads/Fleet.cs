using System.Diagnostics;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>An emulator with a thing group, and jobs on all of it. One thing, number 0, is outside of the group.</summary>
internal sealed class Fleet : IDisposable
{
    public const string Group = "fleet", GroupArn = "arn:aws:iot:us-east-1:123456789012:thinggroup/" + Group;

    /// <summary>Rollouts go at once, and a deletion takes no longer than it must.</summary>
    public static readonly string[] Settings = ["--rollout", "immediate", "--deletion-duration", "0", "--active-jobs", "10000000"];

    /// <summary>Members of a job whose executions time out a minute after their start, and are queued once more.</summary>
    public const string TimesOut = """
        "timeoutConfig":{"inProgressTimeoutInMinutes":1},"jobExecutionsRetryConfig":{"criteriaList":[{"failureType":"TIMED_OUT","numberOfRetries":1}]},
        """;

    private const int ThingsAMinute = 1000;

    private static readonly double BetweenPolls = 1;

    private int _jobs;

    public Fleet(ServerProcess server, int things)
    {
        (Server, Things, Api) = (server, things, server.Api());
        Api.CreateThing(Names.Thing(0));
        Api.Control("POST", $"/thing-groups/{Group}", "{}");
        Bulk.Send(Api.Address, things, () => new Numbered(AwsRequest.Control("POST", $"/things/pump-{Numbered.Slot}", "{}")).From1);
        Bulk.Send(Api.Address, things, () => new Numbered(AwsRequest.Control("PUT", "/thing-groups/addThingToThingGroup", $$"""{"thingGroupName":"{{Group}}","thingName":"pump-{{Numbered.Slot}}"}""")).From1);
    }

    public ServerProcess Server { get; }

    public int Things { get; }

    public Api Api { get; }

    /// <summary>Creates a job on the group. Answers its id.</summary>
    /// <param name="more">Further members of the request, each with a comma behind it.</param>
    public string CreateJob(string more = "")
    {
        var jobId = Numbered.Text($"fleet-{Numbered.Slot}", ++_jobs);
        Api.Control("PUT", $"/jobs/{jobId}", JobBody.With(more, GroupArn));
        return jobId;
    }

    /// <summary>Waits until every thing has an execution of the job that is QUEUED.</summary>
    public void UntilQueued(string jobId)
    {
        while (Queued(jobId) < Things)
            Pause.For(BetweenPolls);
    }

    public int Queued(string jobId) => Count(jobId, "numberOfQueuedThings");

    private int Count(string jobId, string which) =>
        Api.Control("GET", $"/jobs/{jobId}").GetProperty("job").GetProperty("jobProcessDetails").GetProperty(which).GetInt32();

    /// <summary>Deletes a job with force, and waits until it is gone.</summary>
    public void Delete(string jobId)
    {
        Api.Control("DELETE", $"/jobs/{jobId}?force=true");
        while (Api.Ask(AwsRequest.Control("GET", $"/jobs/{jobId}")).Status == 200)
            Pause.For(BetweenPolls);
    }

    /// <summary>Cancels a job with force, and waits until all of its executions are CANCELED.</summary>
    public void Cancel(string jobId)
    {
        Api.Control("PUT", $"/jobs/{jobId}/cancel?force=true", "{}");
        while (Count(jobId, "numberOfCanceledThings") < Things)
            Pause.For(BetweenPolls);
    }

    /// <summary>From now on rollouts go at once ("immediate") or at their rates ("paced").</summary>
    public void Rollout(string mode) => Api.Control("PATCH", "/_emulator/settings", $$"""{"rollout":"{{mode}}"}""");

    public void FreezeClock() => Api.Control("PUT", "/_emulator/clock", """{"frozen":true}""");

    public void Advance(int minutes) => Api.Control("POST", "/_emulator/clock/advance", $$"""{"by":"{{minutes}}m"}""");

    /// <summary>A job at the usual rate, and the clock turned over its rollout.</summary>
    public string RollOutByClock()
    {
        var jobId = CreateJob();
        Advance((Things / ThingsAMinute) + 1);
        return jobId;
    }

    /// <summary>Every thing's device starts its next job.</summary>
    public void StartAll() => Bulk.Send(Api.Address, Things, () => new Numbered(AwsRequest.Device("PUT", $"/things/pump-{Numbered.Slot}/jobs/$next", "{}")).From1);

    public static double Seconds(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose()
    {
        Api.Dispose();
        Server.Dispose();
    }
}
