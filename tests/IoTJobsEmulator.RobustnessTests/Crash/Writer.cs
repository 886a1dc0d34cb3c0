using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.RobustnessTests.Mqtt;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>
/// An operator and the devices of its own things, one call after the other, until a call is not answered. What was answered goes to the
/// model.
/// </summary>
internal sealed class Writer(int number, Random random, Fleet fleet)
{
    private const string Document = """{"operation": "install"}""";

    private int _names;

    public Model Model { get; } = new();

    public int Number => number;

    /// <summary>Calls until it has been enough or a call is not answered. The devices of odd writers report over MQTT, the others over HTTP.</summary>
    public async Task Write(Api api, int mqttPort, CancellationToken enough)
    {
        Line? line = null;
        try
        {
            while (!enough.IsCancellationRequested)
            {
                if (number % 2 == 1 && line is null)
                {
                    line = await Line.Connected(mqttPort, Name("client"));
                    await line.Subscribe("$aws/things/+/jobs/+/update/accepted", "$aws/things/+/jobs/+/update/rejected");
                }
                await Step(api, line);
            }
        }
        catch (Exception ended) when (ended is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return; // what this call was about stays in doubt
        }
        finally
        {
            line?.Dispose();
        }
    }

    private async Task Step(Api api, Line? line)
    {
        var things = Model.Things.Where(thing => thing.Value).Select(thing => thing.Key).ToArray();
        switch (random.Next(16))
        {
            case 0 or 1 when things.Length < 40: await CreateThing(api); break;
            case 2 or 3 when things.Length > 0: await CreateJob(api, things); break;
            case 4 or 5 when things.Length > 0: await StartNext(api, Any(things)); break;
            case 6 or 7 or 8 or 9: await Report(api, line); break;
            case 10: await CancelExecution(api); break;
            case 11: await DeleteExecution(api); break;
            case 12: await CancelJob(api); break;
            case 13: await DeleteJob(api); break;
            case 14 when things.Length > 5: await DeleteThing(api, Any(things)); break;
            case 15 when fleet.IsHandledBy(number): await HandleFleet(api); break;
            default: await CreateThing(api); break;
        }
    }

    private async Task CreateThing(Api api)
    {
        var name = Name("thing");
        if ((await Call(api.Post($"/things/{name}"), thing: name)).IsSuccess)
            Model.Things[name] = true;
    }

    private async Task CreateJob(Api api, string[] things)
    {
        var (job, hasTimeout) = (Name("job"), random.Next(3) == 0);
        var targets = things.OrderBy(_ => random.Next()).Take(random.Next(1, 5)).ToArray();
        var body = new JsonObject { ["targets"] = new JsonArray([.. targets.Select(thing => (JsonNode)Fleet.Arn("thing", thing))]), ["document"] = Document };
        if (hasTimeout)
            body["timeoutConfig"] = new JsonObject { ["inProgressTimeoutInMinutes"] = 60 };
        if ((await Call(api.Put($"/jobs/{job}", body), job)).IsSuccess)
            Model.Jobs[job] = new() { HasTimeout = hasTimeout, Executions = targets.ToDictionary(thing => thing, ExecutionFact? (_) => new("QUEUED", 1)) };
    }

    private async Task StartNext(Api api, string thing)
    {
        // Which job's execution it is only the answer says, so all of this thing are in doubt.
        var answer = await Call(api.Put($"/iot-jobs-data/things/{thing}/jobs/$next", new JsonObject()), thing: thing);
        if (answer.Body?["execution"] is { } execution && Model.Jobs.TryGetValue((string)execution["jobId"]!, out var job))
            job.Executions[thing] = ExecutionFact.Of(execution);
    }

    private async Task Report(Api api, Line? line)
    {
        if (AnyExecution(fact => !fact.IsTerminal) is not var (job, thing))
            return;
        string[] statuses = ["IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED", "FAILED", "REJECTED"];
        var report = new JsonObject
        {
            ["status"] = Any(statuses),
            ["statusDetails"] = new JsonObject { ["step"] = Name("step") },
            ["includeJobExecutionState"] = true,
        };
        var state = line is null
            ? (await Call(api.Post($"/iot-jobs-data/things/{thing}/jobs/{job}", report), job)).Body?["executionState"]
            : (await Call(Ask(api, line, $"$aws/things/{thing}/jobs/{job}/update", report), job))["executionState"];
        if (state?["status"] is not null)
            Model.Jobs[job].Executions[thing] = ExecutionFact.Of(state);
    }

    private static async Task<JsonNode> Ask(Api api, Line line, string topic, JsonObject report)
    {
        report["clientToken"] = "t";
        await line.Send(PacketBytes.Publish(Level.V311, topic, Encoding.UTF8.GetBytes(report.ToJsonString()), packetId: 1));
        var answer = await line.Find(packet => packet.Type == PacketBytes.Message && packet.Topic.StartsWith(topic, StringComparison.Ordinal));
        api.Count();
        return JsonNode.Parse(answer.Payload)!;
    }

    private async Task CancelExecution(Api api)
    {
        if (AnyExecution(fact => !fact.IsTerminal) is var (job, thing)
            && (await Call(api.Put($"/things/{thing}/jobs/{job}/cancel?force=true", new JsonObject()), job)).IsSuccess)
            Model.Jobs[job].Executions[thing] = Model.Jobs[job].Executions[thing]!.End("CANCELED");
    }

    private async Task DeleteExecution(Api api)
    {
        if (AnyExecution(_ => true) is var (job, thing)
            && (await Call(api.Delete($"/things/{thing}/jobs/{job}/executionNumber/1?force=true"), job)).IsSuccess)
            Model.Jobs[job].Executions[thing] = null;
    }

    private async Task CancelJob(Api api)
    {
        if (AnyJob(fact => !fact.IsCanceled) is not { } job || !(await Call(api.Put($"/jobs/{job}/cancel?force=true", new JsonObject()), job)).IsSuccess)
            return;
        Model.Jobs[job].IsCanceled = true;
        foreach (var thing in Model.Jobs[job].Executions.Keys.ToArray())
            Model.Jobs[job].Executions[thing] = Model.Jobs[job].Executions[thing]?.End("CANCELED");
    }

    private async Task DeleteJob(Api api)
    {
        if (AnyJob(_ => true) is { } job && (await Call(api.Delete($"/jobs/{job}?force=true"), job)).IsSuccess)
            Model.Jobs[job].IsDeleted = true;
    }

    private async Task DeleteThing(Api api, string thing)
    {
        if (!(await Call(api.Delete($"/things/{thing}"), thing: thing)).IsSuccess)
            return;
        Model.Things[thing] = false;
        foreach (var job in Model.Jobs.Values.Where(job => job.Executions.GetValueOrDefault(thing) is not null))
            job.Executions[thing] = job.Executions[thing]!.End("REMOVED");
    }

    private async Task HandleFleet(Api api)
    {
        var alive = Model.Jobs.Where(job => job.Value is { IsForFleet: true, IsDeleted: false }).Select(job => job.Key).ToArray();
        if (alive.Length < 2)
            await CreateFleetJob(api);
        else if (random.Next(2) == 0)
            await CancelFleetJob(api, Any(alive));
        else
            await DeleteFleetJob(api, Any(alive));
    }

    /// <summary>Fans out to the whole fleet.</summary>
    public async Task CreateFleetJob(Api api)
    {
        var job = Name("fleet-job");
        var body = new JsonObject { ["targets"] = new JsonArray(Fleet.Arn("thinggroup", Fleet.Group)), ["document"] = Document };
        if ((await Call(api.Put($"/jobs/{job}", body), job)).IsSuccess)
            Model.Jobs[job] = new() { IsForFleet = true };
        fleet.Changed?.Invoke();
    }

    private async Task CancelFleetJob(Api api, string job)
    {
        if ((await Call(api.Put($"/jobs/{job}/cancel?force=true", new JsonObject()), job)).IsSuccess)
            Model.Jobs[job].IsCanceled = true;
        fleet.Changed?.Invoke();
    }

    private async Task DeleteFleetJob(Api api, string job)
    {
        if ((await Call(api.Delete($"/jobs/{job}?force=true"), job)).IsSuccess)
            Model.Jobs[job].IsDeleted = true;
        fleet.Changed?.Invoke();
    }

    /// <summary>While the answer is waited for, what the call is about is in doubt; an exception leaves it there.</summary>
    private async Task<T> Call<T>(Task<T> asked, string? job = null, string? thing = null)
    {
        if (job is not null)
            Model.JobsInDoubt.Add(job);
        if (thing is not null)
            Model.ThingsInDoubt.Add(thing);
        var answer = await asked;
        Model.JobsInDoubt.Remove(job ?? "");
        Model.ThingsInDoubt.Remove(thing ?? "");
        return answer;
    }

    private string? AnyJob(Func<JobFact, bool> isWanted)
    {
        var jobs = Model.Jobs.Where(job => job.Value is { IsForFleet: false, IsDeleted: false } && isWanted(job.Value)).Select(job => job.Key).ToArray();
        return jobs.Length == 0 ? null : Any(jobs);
    }

    private (string Job, string Thing)? AnyExecution(Func<ExecutionFact, bool> isWanted)
    {
        var found = (from job in Model.Jobs
                     where !job.Value.IsDeleted
                     from execution in job.Value.Executions
                     where execution.Value is { } fact && isWanted(fact) && Model.Things.GetValueOrDefault(execution.Key)
                     select (job.Key, execution.Key)).ToArray();
        return found.Length == 0 ? null : Any(found);
    }

    private T Any<T>(T[] among) => among[random.Next(among.Length)];

    private string Name(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}-{_names++}");
}
