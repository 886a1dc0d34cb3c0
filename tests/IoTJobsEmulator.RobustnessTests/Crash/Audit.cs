namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>Compares an emulator that was started again with what the writers know, and then learns what was in doubt.</summary>
internal sealed class Audit(Api api)
{
    private static readonly Dictionary<string, string> Counters = new()
    {
        ["QUEUED"] = "numberOfQueuedThings",
        ["IN_PROGRESS"] = "numberOfInProgressThings",
        ["SUCCEEDED"] = "numberOfSucceededThings",
        ["FAILED"] = "numberOfFailedThings",
        ["REJECTED"] = "numberOfRejectedThings",
        ["TIMED_OUT"] = "numberOfTimedOutThings",
        ["REMOVED"] = "numberOfRemovedThings",
        ["CANCELED"] = "numberOfCanceledThings",
    };

    /// <summary>Everything that was answered is there; what was not may be. Runs before anything else is asked for.</summary>
    public async Task AfterStart(Model model)
    {
        foreach (var (thing, exists) in model.Things)
            if (!model.ThingsInDoubt.Contains(thing))
                Check((await api.Get($"/things/{thing}")).Status == (exists ? 200 : 404), $"{thing} {(exists ? "was created" : "was deleted")} before");
        foreach (var (job, fact) in model.Jobs)
            await Compare(model, job, fact, withVersions: true);
        await Learn(model);
    }

    /// <summary>After the clock was advanced by more than any timeout and any deletion takes: what was due is done.</summary>
    public async Task AfterAdvance(Model model)
    {
        foreach (var (job, fact) in model.Jobs.ToArray())
        {
            if (fact.IsDeleted)
            {
                Check((await api.Get($"/jobs/{job}")).Status == 404, $"{job} was deleted, and its time has come");
                model.Jobs.Remove(job);
                continue;
            }
            foreach (var (thing, execution) in fact.Executions.ToArray())
                if (fact.HasTimeout && execution is { Status: "IN_PROGRESS" })
                    fact.Executions[thing] = execution.End("TIMED_OUT");
            await Compare(model, job, fact, withVersions: false);
            await CompareStatus(job, fact);
        }
    }

    /// <summary>What holds in every state, of all jobs there are.</summary>
    public async Task Invariants(IEnumerable<string> things)
    {
        var jobs = (await api.All("/jobs", "jobs")).Select(job => (string)job["jobId"]!).ToHashSet();
        foreach (var job in jobs)
        {
            var described = (await Api.Done(api.Get($"/jobs/{job}"))).Body!["job"]!;
            var listed = (await Executions(job)).CountBy(execution => execution.Value).ToDictionary();
            foreach (var (status, counter) in Counters)
                Check((int)(described["jobProcessDetails"]?[counter] ?? 0) == listed.GetValueOrDefault(status),
                    $"{job} counts {described["jobProcessDetails"]?[counter]} {status}, and has {listed.GetValueOrDefault(status)}");
        }
        foreach (var thing in things)
            foreach (var execution in await api.All($"/things/{thing}/jobs", "executionSummaries"))
                Check(jobs.Contains((string)execution["jobId"]!), $"{thing} has an execution of {execution["jobId"]}, a job that is not there");
    }

    private async Task Compare(Model model, string job, JobFact fact, bool withVersions)
    {
        var (answer, isInDoubt) = (await api.Get($"/jobs/{job}"), model.JobsInDoubt.Contains(job));
        var status = IsGone(answer) ? null : (string?)answer.Body!["job"]!["status"];
        if (fact.IsDeleted)
        {
            Check(status is null, $"{job} was deleted before, and is {status}");
            return;
        }
        if (status is null)
        {
            Check(isInDoubt, $"{job} was created before, and answers {answer}");
            return;
        }
        if (fact.IsCanceled)
            Check(status == "CANCELED", $"{job} was canceled before, and is {status}");
        else if (!isInDoubt)
            Check(status is "IN_PROGRESS" or "COMPLETED", $"{job} is {status}");
        if (fact.IsForFleet)
            return;

        var executions = await Executions(job);
        foreach (var (thing, execution) in fact.Executions)
        {
            var isInDoubtToo = model.IsInDoubt(job, thing);
            CompareStatus(job, thing, execution, executions.GetValueOrDefault(thing), isInDoubtToo);
            // A thing that is not there cannot be asked.
            if (withVersions && execution is not null && executions.ContainsKey(thing) && model.Things.GetValueOrDefault(thing))
                await CompareVersion(job, thing, execution, isInDoubtToo);
        }
        Check(executions.Keys.All(fact.Executions.ContainsKey), $"{job} has executions that it never had: {string.Join(' ', executions.Keys)}");
    }

    private static void CompareStatus(string job, string thing, ExecutionFact? known, string? status, bool isInDoubt)
    {
        if (known is null || status is null)
        {
            Check(isInDoubt || (known is null && status is null), $"{job} on {thing} is {status ?? "not there"}, and was {known?.Status ?? "deleted"} before");
            return;
        }
        if (known.IsTerminal || !isInDoubt)
            Check(status == known.Status, $"{job} on {thing} is {status}, and was {known.Status} before");
    }

    private async Task CompareVersion(string job, string thing, ExecutionFact known, bool isInDoubt)
    {
        var answer = await api.Get($"/things/{thing}/jobs/{job}");
        var version = (long?)answer.Body?["execution"]?["versionNumber"] ?? (isInDoubt ? long.MaxValue : 0);
        Check(version >= known.Version, $"{job} on {thing} has version {version}, and had {known.Version} before");
        if (known.IsVersionExact && !isInDoubt)
            Check(version == known.Version, $"{job} on {thing} has version {version}, and {known.Version} was the last");
    }

    /// <summary>Where a job must have arrived when nothing is left to do.</summary>
    private async Task CompareStatus(string job, JobFact fact)
    {
        var described = (await Api.Done(api.Get($"/jobs/{job}"))).Body!["job"]!;
        var status = (string)described["status"]!;
        if (fact.IsForFleet)
        {
            var counter = Counters[fact.IsCanceled ? "CANCELED" : "QUEUED"];
            var (count, all) = ((int?)described["jobProcessDetails"]![counter] ?? 0, Counters.Values.Sum(name => (int?)described["jobProcessDetails"]![name] ?? 0));
            Check((fact.IsCanceled ? count <= Fleet.Size && all == count : count == Fleet.Size && all == count), $"{job} for {Fleet.Size} things: {described}");
        }
        else if (fact.Executions.Count > 0 && fact.Executions.Values.Any(execution => execution is not null) && !fact.IsCanceled)
        {
            var expected = fact.Executions.Values.All(execution => execution?.IsTerminal ?? true) ? "COMPLETED" : "IN_PROGRESS";
            Check(status == expected, $"{job} is {status}, and should be {expected}: {described}");
        }
    }

    /// <summary>Takes what it finds for known where the model was in doubt.</summary>
    private async Task Learn(Model model)
    {
        foreach (var thing in model.ThingsInDoubt)
        {
            if ((await api.Get($"/things/{thing}")).IsSuccess)
                model.Things[thing] = true;
            else if (model.Things.ContainsKey(thing))
                model.Things[thing] = false;
            model.JobsInDoubt.UnionWith(model.Jobs.Where(job => job.Value.Executions.ContainsKey(thing)).Select(job => job.Key));
        }
        foreach (var job in model.JobsInDoubt)
            await Learn(model, job);
        model.ThingsInDoubt.Clear();
        model.JobsInDoubt.Clear();
    }

    private async Task Learn(Model model, string job)
    {
        var (answer, before) = (await api.Get($"/jobs/{job}"), model.Jobs.GetValueOrDefault(job));
        if (IsGone(answer))
        {
            if (before is not null)
                before.IsDeleted = true;
            return;
        }
        var described = answer.Body!["job"]!;
        var found = new JobFact
        {
            IsCanceled = (string?)described["status"] == "CANCELED",
            HasTimeout = described["timeoutConfig"]?["inProgressTimeoutInMinutes"] is not null,
            IsForFleet = before?.IsForFleet ?? job.StartsWith("fleet", StringComparison.Ordinal),
        };
        if (!found.IsForFleet)
        {
            foreach (var (thing, status) in await Executions(job))
                found.Executions[thing] = (await api.Get($"/things/{thing}/jobs/{job}")).Body?["execution"] is { } execution
                    ? ExecutionFact.Of(execution)
                    : new(status, 1) { IsVersionExact = false };
            foreach (var thing in before?.Executions.Keys.Except(found.Executions.Keys).ToArray() ?? [])
                found.Executions[thing] = null;
        }
        model.Jobs[job] = found;
    }

    private async Task<Dictionary<string, string>> Executions(string job) => (await api.All($"/jobs/{job}/things", "executionSummaries")).ToDictionary(
        summary => ((string)summary["thingArn"]!).Split('/')[^1],
        summary => (string)summary["jobExecutionSummary"]!["status"]!);

    private static bool IsGone(Answer answer) => answer.Status == 404 || (string?)answer.Body?["job"]?["status"] == "DELETION_IN_PROGRESS";

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
            throw new LostException(otherwise);
    }
}

/// <summary>Something that was answered does not hold any more.</summary>
internal sealed class LostException(string message) : Exception(message);
