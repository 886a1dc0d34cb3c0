using System.Collections.Concurrent;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations.Faults;

/// <summary>
/// The rules of what is to go wrong, in the order in which they were added: of those that concern a call, the first that strikes does. While
/// there are none, a call costs the reading of one field.
/// </summary>
internal sealed class FaultRules(TimeProvider machine)
{
    public const int MaxRules = 10_000;

    private readonly Lock _sync = new();
    private readonly FaultDelays _delays = new(machine);
    private volatile Index? _index;
    private long _lastId;

    /// <summary>Whether there are any.</summary>
    public bool Any => _index is not null;

    public IReadOnlyList<FaultRule> All => _index?.Rules ?? [];

    /// <summary>Adds rules, all or none.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="replaces">Whether they replace those that are there.</param>
    /// <exception cref="ServiceException">LimitExceeded: they would be too many.</exception>
    public void Add(IReadOnlyList<FaultRule> rules, bool replaces = false)
    {
        lock (_sync)
        {
            var kept = replaces ? [] : All;
            if (kept.Count + rules.Count > MaxRules)
                throw ServiceError.LimitExceeded.Because($"There can be {MaxRules} faults at most.");
            foreach (var rule in rules)
                rule.Id = ++_lastId;
            Set([.. kept, .. rules]);
        }
    }

    /// <summary>Removes the rules of which this is true, and answers them.</summary>
    public IReadOnlyList<FaultRule> Remove(Predicate<FaultRule> which)
    {
        lock (_sync)
        {
            var removed = All.Where(rule => which(rule)).ToArray();
            if (removed.Length > 0)
                Set([.. All.Where(rule => !which(rule))]);
            return removed;
        }
    }

    /// <summary>Removes all rules and what they delay, and counts from 1 again.</summary>
    public void Reset()
    {
        lock (_sync)
        {
            Set([]);
            _lastId = 0;
        }
        _delays.Forget();
    }

    /// <summary>What strikes a call, a notification or an event; null for nothing.</summary>
    public FaultStrike? Strike(FaultTarget target, in FaultSubject subject)
    {
        if (_index is not { } index)
            return null;
        foreach (var rule in index.Of(target))
        {
            if (!rule.Strikes(subject))
                continue;
            if (rule.IsSpent)
                Remove(other => other == rule);
            return new(rule, _delays);
        }
        return null;
    }

    private void Set(FaultRule[] rules) => _index = rules.Length == 0 ? null : new(rules);

    /// <summary>The rules of each target, found when it is first met.</summary>
    private sealed class Index(FaultRule[] rules)
    {
        private readonly ConcurrentDictionary<FaultTarget, FaultRule[]> _ofTarget = [];

        public FaultRule[] Rules => rules;

        public FaultRule[] Of(FaultTarget target) => _ofTarget.GetOrAdd(target, static (wanted, all) => Array.FindAll(all, rule => rule.Targets.Contains(wanted)), rules);
    }
}
