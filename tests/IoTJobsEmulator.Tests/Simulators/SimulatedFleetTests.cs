using System.Globalization;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Tests.Model;

namespace IoTJobsEmulator.Tests.Simulators;

/// <summary>A simulated fleet beside the reference model, beside its own description, and beside itself.</summary>
public sealed class SimulatedFleetTests
{
    [Fact]
    public async Task What_the_devices_did_has_made_of_the_jobs_what_the_model_makes_of_it()
    {
        await using var fleet = new SimulatedFleet();
        var model = NewModel();
        var isSecondCreated = false;
        var called = await fleet.Play();
        foreach (var call in called)
        {
            var at = TimeOf(call);
            if (!isSecondCreated && at > SimulatedFleet.Start + SimulatedFleet.Between)
            {
                model.Pass(SimulatedFleet.Start + SimulatedFleet.Between, wasDown: false);
                Create(model, SimulatedFleet.Second);
                isSecondCreated = true;
            }
            model.Pass(at, wasDown: false);
            Assert.Equal($"{call["number"]} {(string?)call["error"] ?? "200"}", $"{call["number"]} {Tell(model, call)}");
        }
        model.Pass(SimulatedFleet.Start + SimulatedFleet.Between + TimeSpan.FromDays(1), wasDown: false);

        Assert.True(called.Count > 5000);
        Assert.Contains(called, call => (string?)call["error"] == "InvalidStateTransitionException"); // a device that came too late
        Assert.Equal(Executions(model), await fleet.Executions());
        foreach (var job in model.Jobs)
            Assert.Equal(job.Status, await fleet.StatusOf(job.Id));
    }

    [Fact]
    public async Task Each_device_did_what_its_description_says_one_execution_at_a_time()
    {
        await using var fleet = new SimulatedFleet();
        var ofThings = (await fleet.Play()).GroupBy(call => (string)call["thing"]!).ToDictionary(calls => calls.Key, calls => calls.ToList());

        Assert.Equal(SimulatedFleet.Things.Where(thing => SimulatedFleet.Drawn(100, "offline", thing) >= SimulatedFleet.Offline).Order(), ofThings.Keys.Order());
        foreach (var (thing, calls) in ofThings)
        {
            JsonObject? taken = null;
            var reports = 0;
            foreach (var call in calls)
            {
                Assert.Equal("pumps", (string?)call["simulator"]);
                if ((string?)call["operation"] == "StartNextPendingJobExecution")
                {
                    (taken, reports) = (call, 0);
                    continue;
                }
                var (job, number) = ((string)call["jobId"]!, (long)call["input"]!["executionNumber"]!);
                Assert.Equal((job, number), ((string)taken!["output"]!["execution"]!["jobId"]!, (long)taken["output"]!["execution"]!["executionNumber"]!));
                var seconds = SimulatedFleet.TakesFrom + SimulatedFleet.Drawn(SimulatedFleet.TakesTo - SimulatedFleet.TakesFrom + 1, "duration", thing, job, number);
                var (status, after) = reports++ == 0 ? ("IN_PROGRESS", seconds * SimulatedFleet.Halfway / 100) : (OutcomeOf(thing, job, number), seconds);
                Assert.Equal((status, TimeOf(taken).AddSeconds(after)), ((string)call["input"]!["status"]!, TimeOf(call)));
                Assert.Equal(status switch { "IN_PROGRESS" => "downloaded", "FAILED" => "checksum", _ => null }, (string?)call["input"]!["statusDetails"]?.AsObject().Single().Value);
                if (status == "IN_PROGRESS" && call["error"] is null)
                    continue;
                // The next look comes after its pause: what is queued meanwhile waits.
                var next = calls.SkipWhile(other => other != call).Skip(1).FirstOrDefault();
                Assert.True(next is null || ((string?)next["operation"] == "StartNextPendingJobExecution" && TimeOf(next) > TimeOf(call)), $"{next}");
            }
        }
        var silent = ofThings.Values.SelectMany(calls => calls.Zip(calls.Skip(1))).Count(pair => IsStart(pair.First) && IsStart(pair.Second));
        Assert.InRange(silent, 20, 60);
    }

    [Fact]
    public async Task The_same_fleet_twice_is_equal_to_the_last_byte_of_its_journal()
    {
        await using var one = new SimulatedFleet();
        await using var other = new SimulatedFleet();
        var (first, second) = (await one.Play(), await other.Play());
        Assert.Equal(first.Select(entry => entry.ToJsonString()), second.Select(entry => entry.ToJsonString()));
        Assert.Equal(await one.Executions(), await other.Executions());
    }

    [Fact]
    public async Task Restarts_in_the_middle_change_nothing()
    {
        await using var one = new SimulatedFleet();
        await using var other = new SimulatedFleet();
        var (without, with) = (await one.Play(), await other.Play(restarts: true));
        foreach (var entry in without.Concat(with))
            entry.Remove("number"); // counted anew by each process
        Assert.Equal(without.Select(entry => entry.ToJsonString()), with.Select(entry => entry.ToJsonString()));
        Assert.Equal(await one.Executions(), await other.Executions());
    }

    private static ReferenceModel NewModel()
    {
        var model = new ReferenceModel(concurrentJobs: 500, activeJobs: 100, deletionDuration: TimeSpan.FromSeconds(2)) { Now = SimulatedFleet.Start };
        foreach (var thing in SimulatedFleet.Things)
        {
            model.CreateThing(thing);
            model.Join(thing, SimulatedFleet.Group);
        }
        Create(model, SimulatedFleet.First);
        return model;
    }

    private static void Create(ReferenceModel model, string jobId) => Assert.Equal("200", model.CreateJob(jobId, [SimulatedFleet.Group], isContinuous: false, new()
    {
        Rate = new(SimulatedFleet.PerMinute),
        TimeoutInMinutes = SimulatedFleet.TimeoutInMinutes,
        Retries = [new("FAILED", SimulatedFleet.RetriesOfFailures), new("TIMED_OUT", SimulatedFleet.RetriesOfTimeouts)],
    }));

    /// <summary>Tells the model what a device called. It knows the newest execution only; one before that is finished.</summary>
    private static string Tell(ReferenceModel model, JsonObject call)
    {
        var thing = (string)call["thing"]!;
        if ((string?)call["operation"] == "StartNextPendingJobExecution")
            return model.StartNext(thing, stepTimeout: null);
        var (job, input) = ((string)call["jobId"]!, call["input"]!);
        var newest = model.Jobs.Single(row => row.Id == job).Newest(thing)!;
        return newest.Number == (int)input["executionNumber"]!
            ? model.Report(thing, job, (string)input["status"]!, (int)input["expectedVersion"]! - newest.Version, stepTimeout: null)
            : "InvalidStateTransitionException";
    }

    private static IEnumerable<string> Executions(ReferenceModel model) => model.Jobs
        .SelectMany(job => job.Executions.Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{job.Id} {row.Thing} #{row.Number} {row.Status} version {row.Version} attempt {row.Attempt.Number}")))
        .Order(StringComparer.Ordinal);

    private static string OutcomeOf(string thing, string job, long number)
    {
        var drawn = SimulatedFleet.Drawn(SimulatedFleet.Outcomes.Sum(outcome => outcome.Weight), "outcome", thing, job, number);
        return SimulatedFleet.Outcomes.First(outcome => (drawn -= outcome.Weight) < 0).Outcome;
    }

    private static bool IsStart(JsonObject call) => (string?)call["operation"] == "StartNextPendingJobExecution";

    private static DateTime TimeOf(JsonObject call) =>
        DateTime.Parse((string)call["time"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
