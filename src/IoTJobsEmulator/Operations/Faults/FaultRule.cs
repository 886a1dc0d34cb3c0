using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations.Faults;

/// <summary>What a rule can strike: an operation of an API, or a notification or event, which has none.</summary>
internal readonly record struct FaultTarget(Api? Api, string Name);

/// <summary>Whom a call, a notification or an event concerns.</summary>
/// <param name="Tenant">The account and region.</param>
/// <param name="ThingName">The thing; null without one.</param>
/// <param name="JobId">The job; null without one.</param>
/// <param name="Transport">How the caller asked, or is told.</param>
internal readonly record struct FaultSubject(Tenant Tenant, string? ThingName, string? JobId, Transport Transport);

/// <summary>A checked rule, and how often it has struck.</summary>
/// <param name="definition">As the caller wrote it, with a seed where a probability needs one.</param>
/// <param name="targets">What it can strike.</param>
/// <param name="error">The error that it answers; null for none.</param>
internal sealed class FaultRule(FaultDefinition definition, IReadOnlySet<FaultTarget> targets, ServiceError? error)
{
    private readonly Lock _sync = new();
    private readonly Random? _chance = definition.Probability is null ? null : new(definition.Seed!.Value);
    private readonly Transport? _transport = definition.Duplicate is true ? Transport.mqtt : definition.Transport?.Value; // HTTP answers once
    private int _passed, _struck;

    /// <summary>Counts rules, from 1. Set when the rule is added.</summary>
    public long Id { get; set; }

    public FaultDefinition Definition => definition;

    public IReadOnlySet<FaultTarget> Targets => targets;

    public ServiceError? Error => error;

    public FaultDrop? Drop { get; } = definition.Drop?.Value;

    public TimeSpan Delay { get; } = definition.Delay?.Span ?? TimeSpan.Zero;

    public bool Duplicates { get; } = definition.Duplicate is true;

    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Whether it has struck as often as it should.</summary>
    public bool IsSpent => Struck >= definition.Times;

    /// <summary>Whether it strikes, which it counts.</summary>
    public bool Strikes(in FaultSubject subject)
    {
        if (!Concerns(subject))
            return false;
        lock (_sync)
        {
            if (_struck >= definition.Times)
                return false;
            if (_passed < definition.After)
            {
                _passed++;
                return false;
            }
            if (_chance is not null && _chance.NextDouble() >= definition.Probability)
                return false;
            _struck++;
            return true;
        }
    }

    // A delay counts on the machine's clock, and an answer comes twice over MQTT only: neither is known to a simulated device.
    private bool Concerns(in FaultSubject subject) =>
        (subject.Transport != Transport.simulator || Error is not null || Drop is not null)
        && (_transport is null || _transport == subject.Transport)
        && (definition.Account is null || definition.Account == subject.Tenant.Account)
        && (definition.Region is null || definition.Region == subject.Tenant.Region)
        && Wildcards.Fit(definition.Thing, subject.ThingName)
        && Wildcards.Fit(definition.JobId, subject.JobId);
}
