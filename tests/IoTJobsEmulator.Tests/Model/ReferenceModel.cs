namespace IoTJobsEmulator.Tests.Model;

/// <summary>
/// The service as the sources describe it, written a second time and naively: lists that are gone through from end to end, counts
/// that are counted. It shares no code with Core. Where the sources are silent it does as the open questions are answered.
/// </summary>
internal sealed class ReferenceModel(int concurrentJobs, int activeJobs, TimeSpan deletionDuration)
{
    public sealed class Execution
    {
        public required string Thing { get; init; }

        public required int Number { get; init; }

        public required long Sequence { get; init; }

        public required DateTime QueuedAt { get; init; }

        public required Attempt Attempt { get; init; }

        public string Status { get; set; } = "QUEUED";

        public int Version { get; set; } = 1;

        public DateTime? Deadline { get; set; }

        public DateTime? StepDeadline { get; set; }

        public bool IsOpen => Status is "QUEUED" or "IN_PROGRESS";

        public DateTime? Due => Status != "IN_PROGRESS" ? null : Deadline < StepDeadline ? Deadline : StepDeadline ?? Deadline;
    }

    /// <summary>Which run of a thing it is: after how many failures, and after how many timeouts.</summary>
    public sealed record Attempt(int AfterFailures = 0, int AfterTimeouts = 0)
    {
        public int Number => AfterFailures + AfterTimeouts;
    }

    public sealed class Job
    {
        public required string Id { get; init; }

        public required bool IsContinuous { get; init; }

        public required List<string> Targets { get; init; }

        public required JobConfig Config { get; set; }

        public string Status { get; set; } = "IN_PROGRESS";

        public List<Execution> Executions { get; } = [];

        /// <summary>What the rollout has not come to yet: the thing as it then was, and which attempt.</summary>
        public List<(Thing Thing, Attempt Attempt)> Waiting { get; } = [];

        public DateTime? StartsAt { get; set; }

        public DateTime? EndsAt { get; set; }

        public bool HasEnded { get; set; }

        public DateTime? WindowTurnsAt { get; set; }

        public bool HasSlot { get; set; }

        public int Allowance { get; set; }

        public DateTime? NextMinuteAt { get; set; }

        public DateTime? GoneAt { get; set; }

        public bool IsOpen => Status is "IN_PROGRESS" or "SCHEDULED";

        public bool IsConcurrent => Status == "IN_PROGRESS" && Waiting.Count > 0 && HasSlot;

        public int Count(string status) => Executions.Count(execution => execution.Status == status);

        public Execution? Newest(string thing) => Executions.Where(execution => execution.Thing == thing).MaxBy(execution => execution.Number);
    }

    /// <summary>A thing; another one of its name, after it was deleted, is another object.</summary>
    public sealed class Thing(string name)
    {
        public string Name => name;
    }

    /// <summary>The groups, and each one's parent.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Parents = new Dictionary<string, string?> { ["site"] = null, ["hall"] = "site", ["yard"] = null };

    private const string Done = "200", NotFound = "ResourceNotFoundException", Invalid = "InvalidRequestException", WrongState = "InvalidStateTransitionException";

    private readonly List<(string Group, Thing Thing)> _memberships = [];
    private long _sequence;

    public DateTime Now { get; set; }

    /// <summary>In the order of their creation.</summary>
    public List<Job> Jobs { get; } = [];

    public Dictionary<string, Thing> Things { get; } = [];

    // What callers ask. Each answers 200 or the name of the error.

    public string CreateThing(string name)
    {
        Things.TryAdd(name, new(name));
        return Done;
    }

    public string DeleteThing(string name)
    {
        if (!Things.Remove(name, out var thing))
            return Done;
        _memberships.RemoveAll(membership => membership.Thing == thing);
        foreach (var (job, execution) in AllOf(name, "QUEUED").Concat(AllOf(name, "IN_PROGRESS")).OrderBy(open => open.Execution.Status == "QUEUED" ? 0 : 1).ThenByDescending(open => open.Execution.Sequence).ToList())
        {
            execution.Status = "REMOVED";
            Follow(job);
        }
        Settle();
        return Done;
    }

    public string Join(string name, string group)
    {
        if (!Things.TryGetValue(name, out var thing))
            return NotFound;
        if (_memberships.Contains((group, thing)))
            return Done;
        if (GroupsOf(thing).Any(other => Root(other) == Root(group)))
            return Invalid;
        var before = GroupsOf(thing);
        _memberships.Add((group, thing));
        foreach (var joined in GroupsOf(thing).Except(before).ToList())
        {
            foreach (var job in Jobs.Where(job => job is { IsContinuous: true, IsOpen: true, HasEnded: false } && job.Targets.Contains(joined)).ToList())
                RunUnpaced(job, thing, new());
        }
        Settle();
        return Done;
    }

    public string Leave(string name, string group)
    {
        if (!Things.TryGetValue(name, out var thing))
            return NotFound;
        if (!_memberships.Remove((group, thing)))
            return Done;
        foreach (var job in Jobs.Where(job => job is { IsContinuous: true, IsOpen: true, HasEnded: false } && Above(group).Any(job.Targets.Contains) && !IsTarget(job, thing)).ToList())
        {
            job.Waiting.RemoveAll(waiting => waiting.Thing == thing);
            if (job.Newest(name) is { Status: "QUEUED" } queued)
                queued.Status = "REMOVED";
            Follow(job);
        }
        Settle();
        return Done;
    }

    public string CreateJob(string id, IReadOnlyList<string> targets, bool isContinuous, JobConfig config)
    {
        if (Find(id) is not null)
            return "ResourceAlreadyExistsException";
        if (Jobs.Count(job => job.IsOpen) >= activeJobs)
            return "LimitExceededException";
        if (!targets.All(Exists))
            return NotFound;
        var job = new Job { Id = id, IsContinuous = isContinuous, Targets = [.. targets], Config = config };
        (job.StartsAt, job.EndsAt) = (InMinutes(config.Times?.Start), InMinutes(config.Times?.End));
        Jobs.Add(job);
        job.Waiting.AddRange(ThingsOf(targets).Select(thing => (thing, new Attempt())));
        Enter(job);
        if (job.Status == "IN_PROGRESS")
            TakeSlot(job);
        Follow(job);
        Settle();
        return Done;
    }

    public string AssociateTargets(string id, IReadOnlyList<string> targets)
    {
        if (Find(id) is not { } job || !targets.All(Exists))
            return NotFound;
        if (!job.IsContinuous || job.Status != "IN_PROGRESS" || job.HasEnded)
            return Invalid;
        var added = targets.Except(job.Targets).ToList();
        job.Targets.AddRange(added);
        foreach (var thing in ThingsOf(added))
            RunUnpaced(job, thing, new());
        Follow(job);
        Settle();
        return Done;
    }

    public string UpdateJob(string id, JobConfig config)
    {
        if (Find(id) is not { } job)
            return NotFound;
        if (!job.IsOpen)
            return Invalid;
        if (config.Retries.Count > 0 && !config.Retries.Select(retry => retry.FailureType).Order().SequenceEqual(job.Config.Retries.Select(retry => retry.FailureType).Order()))
            return Invalid;
        job.Config = job.Config with
        {
            Rate = config.Rate ?? job.Config.Rate,
            TimeoutInMinutes = config.TimeoutInMinutes ?? job.Config.TimeoutInMinutes,
            Retries = config.Retries.Count > 0 ? config.Retries : job.Config.Retries,
        };
        return Done;
    }

    public string CancelJob(string id, bool force)
    {
        if (Find(id) is not { } job)
            return NotFound;
        if (!job.IsOpen)
            return Invalid;
        Cancel(job, force);
        Settle();
        return Done;
    }

    public string DeleteJob(string id, bool force)
    {
        if (Find(id) is not { } job)
            return NotFound;
        if (job.Status == "DELETION_IN_PROGRESS" || (job.IsOpen && !force))
            return WrongState;
        job.Status = "DELETION_IN_PROGRESS";
        job.GoneAt = Now + deletionDuration;
        job.Waiting.Clear();
        job.Executions.Clear();
        Settle();
        return Done;
    }

    public string CancelExecution(string id, string thing, bool force, int? versionOff)
    {
        if (Find(id)?.Newest(thing) is not { } execution)
            return NotFound;
        if (versionOff is not (null or 0))
            return "VersionConflictException";
        if (!execution.IsOpen || (execution.Status == "IN_PROGRESS" && !force))
            return WrongState;
        Move(execution, "CANCELED");
        Follow(Find(id)!);
        Settle();
        return Done;
    }

    public string DeleteExecution(string id, string thing, int number, bool force)
    {
        if (Find(id)?.Executions.Find(execution => execution.Thing == thing && execution.Number == number) is not { } execution)
            return NotFound;
        if (execution.Status is "QUEUED" or "IN_PROGRESS" && !force)
            return WrongState;
        Find(id)!.Executions.Remove(execution);
        Follow(Find(id)!);
        Settle();
        return Done;
    }

    public string StartNext(string thing, int? stepTimeout)
    {
        if (!Things.ContainsKey(thing))
            return NotFound;
        if (Pending(thing).FirstOrDefault() is { Execution.Status: "QUEUED" } next)
            Report(next.Job, next.Execution, "IN_PROGRESS", stepTimeout);
        Settle();
        return Done;
    }

    public string Report(string thing, string id, string status, int? versionOff, int? stepTimeout)
    {
        if (!Things.ContainsKey(thing) || Find(id) is not { } job || job.Newest(thing) is not { } execution || IsHidden(job, execution))
            return NotFound;
        if (versionOff is not (null or 0) || !execution.IsOpen || status is not ("IN_PROGRESS" or "SUCCEEDED" or "FAILED" or "REJECTED"))
            return WrongState;
        Report(job, execution, status, stepTimeout);
        Settle();
        return Done;
    }

    /// <summary>What a device may take: IN_PROGRESS first, then in the order of queuing.</summary>
    public IEnumerable<(Job Job, Execution Execution)> Pending(string thing) =>
        AllOf(thing, "IN_PROGRESS").OrderBy(open => open.Execution.Sequence)
            .Concat(AllOf(thing, "QUEUED").Where(open => !IsHidden(open.Job, open.Execution)).OrderBy(open => open.Execution.Sequence));

    /// <summary>
    /// Does what falls due up to a moment, in order of time: each at its own moment, or all of it at the end, because the service
    /// was down. Timers go before jobs, older jobs before younger ones.
    /// </summary>
    public void Pass(DateTime end, bool wasDown)
    {
        if (wasDown)
            Now = end;
        while (true)
        {
            var timer = Jobs.SelectMany(job => job.Executions).Min(execution => execution.Due);
            var job = Jobs.Where(job => DueAt(job) is not null).MinBy(DueAt);
            var isTimer = timer is not null && (job is null || timer <= DueAt(job));
            if ((isTimer ? timer : job is null ? null : DueAt(job)) is not { } moment || moment > end)
                break;
            Now = moment > Now ? moment : Now;
            if (isTimer)
                TimeOut(moment);
            else
                Turn(job!);
            Settle();
        }
        Now = end;
    }

    // What happens unasked.

    private static DateTime? DueAt(Job job) => job.Status switch
    {
        "DELETION_IN_PROGRESS" => job.GoneAt,
        "SCHEDULED" => Min(job.StartsAt, job.WindowTurnsAt, job.EndsAt),
        "IN_PROGRESS" => Min(job.Waiting.Count > 0 && job.HasSlot ? job.NextMinuteAt : null, job.WindowTurnsAt, job.EndsAt),
        _ => null,
    };

    private void TimeOut(DateTime moment)
    {
        foreach (var job in Jobs.ToList())
        {
            var overdue = job.Executions.Where(execution => execution.Due == moment).OrderBy(execution => execution.Sequence).ToArray();
            foreach (var execution in overdue)
                Move(execution, "TIMED_OUT");
            if (overdue.Length > 0)
                Follow(job, overdue);
        }
    }

    private void Turn(Job job)
    {
        if (job.Status == "DELETION_IN_PROGRESS")
            Jobs.Remove(job);
        else if (job.EndsAt <= Now)
            End(job);
        else if (job.StartsAt <= Now || job.WindowTurnsAt <= Now)
            Open(job);
        else
            BeginMinute(job);
    }

    private static void End(Job job)
    {
        (job.Status, job.HasEnded, job.StartsAt, job.EndsAt, job.WindowTurnsAt) = ("IN_PROGRESS", true, null, null, null);
        job.Waiting.Clear();
        var behavior = job.Config.Times?.Behavior;
        foreach (var execution in job.Executions.Where(execution =>
            (execution.Status == "QUEUED" && behavior is "CANCEL" or "FORCE_CANCEL") || (execution.Status == "IN_PROGRESS" && behavior is "FORCE_CANCEL")))
            Move(execution, "CANCELED");
        CompleteIfDone(job);
    }

    private void Open(Job job)
    {
        Enter(job);
        if (job.Status == "IN_PROGRESS" && !job.HasSlot)
        {
            var isAtItsStart = job.Config.Window is not null && job.Executions.Count == 0 && job.Waiting.Count > 0;
            if (isAtItsStart && !HasFreeSlot)
                Cancel(job, force: false);
            else
                TakeSlot(job);
        }
        CompleteIfDone(job);
    }

    private void Enter(Job job)
    {
        if (job.StartsAt > Now)
        {
            job.Status = "SCHEDULED";
            return;
        }
        (job.StartsAt, job.Status) = (null, "IN_PROGRESS");
        if (job.Config.Window is not { } window)
            return;
        var opening = Now.Date.AddHours(window.Hour);
        if (opening > Now)
            opening = opening.AddDays(-1);
        var isOpen = Now < opening.AddMinutes(window.Minutes);
        job.WindowTurnsAt = isOpen ? opening.AddMinutes(window.Minutes) : opening.AddDays(1);
        if (!isOpen)
            (job.Status, job.HasSlot, job.Allowance, job.NextMinuteAt) = ("SCHEDULED", false, 0, null);
    }

    private bool HasFreeSlot => Jobs.Count(job => job.IsConcurrent) < concurrentJobs;

    private void TakeSlot(Job job)
    {
        // A job that is about to begin holds no slot yet, so it does not count itself.
        if (!HasFreeSlot)
            return;
        (job.HasSlot, job.NextMinuteAt) = (true, Now);
        BeginMinute(job);
    }

    private void BeginMinute(Job job)
    {
        job.NextMinuteAt = job.NextMinuteAt!.Value.AddMinutes(1);
        job.Allowance = PerMinute(job);
        RollOut(job);
    }

    private static int PerMinute(Job job)
    {
        if (job.Config.Rate is not { } rate)
            return 1000;
        if (rate.Base is not { } perMinute)
            return rate.PerMinute;
        var steps = rate.NotifiedThings is { } notified ? job.Executions.Count / notified : job.Count("SUCCEEDED") / rate.SucceededThings!.Value;
        return (int)Math.Min(perMinute * Math.Pow(Rate.Factor, steps), rate.PerMinute);
    }

    private void RollOut(Job job)
    {
        while (job is { Status: "IN_PROGRESS", HasSlot: true, Allowance: > 0, Waiting.Count: > 0 })
        {
            var (thing, attempt) = job.Waiting[0];
            job.Waiting.RemoveAt(0);
            if (!IsThere(thing))
                continue;
            job.Allowance--;
            Queue(job, thing, attempt);
        }
        CompleteIfDone(job);
    }

    private void RunUnpaced(Job job, Thing thing, Attempt attempt)
    {
        if (job.Newest(thing.Name) is { IsOpen: true } || job.Waiting.Any(waiting => waiting.Thing == thing))
            return;
        // One of a thing that is gone waits in vain: another of its name takes its place.
        job.Waiting.RemoveAll(waiting => waiting.Thing.Name == thing.Name);
        if (job.Status == "IN_PROGRESS")
            Queue(job, thing, attempt);
        else
            job.Waiting.Add((thing, attempt));
    }

    private void Queue(Job job, Thing thing, Attempt attempt) => job.Executions.Add(new()
    {
        Thing = thing.Name,
        Number = (job.Newest(thing.Name)?.Number ?? 0) + 1,
        Sequence = ++_sequence,
        QueuedAt = Now,
        Attempt = attempt,
    });

    private void Report(Job job, Execution execution, string status, int? stepTimeout)
    {
        var isStarted = execution.Status == "QUEUED";
        Move(execution, status);
        if (status == "IN_PROGRESS")
        {
            if (isStarted)
                execution.Deadline = InMinutes(job.Config.TimeoutInMinutes);
            if (stepTimeout is not null)
                execution.StepDeadline = stepTimeout == -1 ? null : InMinutes(stepTimeout);
        }
        Follow(job, execution);
    }

    private static void Move(Execution execution, string status) => (execution.Status, execution.Version) = (status, execution.Version + 1);

    /// <summary>What follows when executions of a job have changed: an abort, retries of those that failed, the end.</summary>
    private void Follow(Job job, params Execution[] changed)
    {
        if (job is { IsOpen: true, HasEnded: false } && IsAbortDue(job))
            Cancel(job, force: false);
        if (job is { IsOpen: true, HasEnded: false })
        {
            foreach (var execution in changed.Where(execution => Earns(job, execution) && Things.TryGetValue(execution.Thing, out var thing) && (!job.IsContinuous || IsTarget(job, thing))))
            {
                var attempt = execution.Attempt;
                RunUnpaced(job, Things[execution.Thing], execution.Status == "FAILED"
                    ? attempt with { AfterFailures = attempt.AfterFailures + 1 }
                    : attempt with { AfterTimeouts = attempt.AfterTimeouts + 1 });
            }
        }
        CompleteIfDone(job);
    }

    private static bool IsAbortDue(Job job)
    {
        if (job.Config.Abort is not { } abort)
            return false;
        var executed = job.Executions.Count(execution => !execution.IsOpen);
        var failed = job.Executions.Count(execution =>
            abort.FailureType == "ALL" ? execution.Status is "FAILED" or "REJECTED" or "TIMED_OUT" : execution.Status == abort.FailureType);
        return executed >= abort.Min && failed * 100 >= abort.Percent * executed;
    }

    private static bool Earns(Job job, Execution execution) => execution.Status is "FAILED" or "TIMED_OUT" && job.Config.Retries.Any(retry =>
        retry.FailureType == "ALL" ? retry.Number > execution.Attempt.Number
        : retry.FailureType == execution.Status && retry.Number > (execution.Status == "FAILED" ? execution.Attempt.AfterFailures : execution.Attempt.AfterTimeouts));

    private static void Cancel(Job job, bool force)
    {
        job.Status = "CANCELED";
        job.Waiting.Clear();
        foreach (var execution in job.Executions.Where(execution => execution.Status == "QUEUED" || (force && execution.Status == "IN_PROGRESS")))
            Move(execution, "CANCELED");
    }

    private static void CompleteIfDone(Job job)
    {
        if (job.Status == "IN_PROGRESS" && job.Waiting.Count == 0 && !job.Executions.Exists(execution => execution.IsOpen) && (!job.IsContinuous || job.HasEnded))
            job.Status = "COMPLETED";
    }

    /// <summary>A job that waited for others to finish their rollouts may begin.</summary>
    private void Settle()
    {
        while (HasFreeSlot && Jobs.Find(job => job is { Status: "IN_PROGRESS", Waiting.Count: > 0, HasSlot: false }) is { } next)
            TakeSlot(next);
    }

    // What is where.

    private Job? Find(string id) => Jobs.Find(job => job.Id == id);

    private bool IsThere(Thing thing) => Things.TryGetValue(thing.Name, out var present) && present == thing;

    private static bool IsHidden(Job job, Execution execution) => job.Status == "SCHEDULED" && execution.Status == "QUEUED";

    private IEnumerable<(Job Job, Execution Execution)> AllOf(string thing, string status) =>
        Jobs.SelectMany(job => job.Executions.Where(execution => execution.Thing == thing && execution.Status == status).Select(execution => (job, execution)));

    private bool Exists(string target) => Parents.ContainsKey(target) || Things.ContainsKey(target);

    /// <summary>The things of targets, each once: first those that are named, then the groups level by level.</summary>
    private List<Thing> ThingsOf(IReadOnlyList<string> targets)
    {
        List<Thing> things = [.. targets.Where(Things.ContainsKey).Select(target => Things[target])];
        var groups = new Queue<string>(targets.Where(Parents.ContainsKey));
        while (groups.TryDequeue(out var group))
        {
            foreach (var child in Parents.Keys.Where(child => Parents[child] == group))
                groups.Enqueue(child);
            things.AddRange(_memberships.Where(membership => membership.Group == group).Select(membership => membership.Thing));
        }
        return [.. things.Distinct()];
    }

    private bool IsTarget(Job job, Thing thing) => job.Targets.Contains(thing.Name) || GroupsOf(thing).Any(job.Targets.Contains);

    private List<string> GroupsOf(Thing thing) => [.. _memberships.Where(membership => membership.Thing == thing).SelectMany(membership => Above(membership.Group)).Distinct()];

    private static IEnumerable<string> Above(string group) => Parents[group] is { } parent ? [group, .. Above(parent)] : [group];

    private static string Root(string group) => Above(group).Last();

    private DateTime? InMinutes(int? minutes) => minutes is { } number ? Now.AddMinutes(number) : null;

    private static DateTime? Min(params DateTime?[] moments) => moments.Min();
}
