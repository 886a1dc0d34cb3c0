using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// Which events the account wants to be told of on <c>$aws/events/...</c>: one row of a realm, there once it was said. All are off
/// by default. Source: API_DescribeEventConfigurations; the developer guide, "Event messages".
/// </summary>
public sealed record EventConfiguration : IRow<bool>
{
    /// <summary>The types that are on, in the order of <see cref="EventType"/>.</summary>
    public required ValueList<EventType> Enabled { get; init; }

    public required Moment CreatedAt { get; init; }

    public required Moment LastModifiedAt { get; init; }

    /// <summary>The only one.</summary>
    public bool Key => true;

    public EventConfiguration Set(IReadOnlyDictionary<EventType, bool> types, Moment now) => this with
    {
        Enabled = new(Enum.GetValues<EventType>().Where(type => types.TryGetValue(type, out var on) ? on : Enabled.Contains(type))),
        LastModifiedAt = now,
    };

    /// <summary>Whether events of a type are to be published.</summary>
    public bool IsOn(EventType type) => Enabled.Contains(type);

    /// <summary>The same of a realm that may never have said so.</summary>
    public static bool IsEnabled(Realm realm, EventType type) => realm.EventConfigurations.Find(true) is { } row && row.IsOn(type);
}

/// <summary>What events are about.</summary>
public enum EventType
{
    THING,
    THING_GROUP,
    THING_TYPE,
    THING_GROUP_MEMBERSHIP,
    THING_GROUP_HIERARCHY,
    THING_TYPE_ASSOCIATION,
    JOB,
    JOB_EXECUTION,
    POLICY,
    CERTIFICATE,
    CA_CERTIFICATE,
}
