using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// Which types of events the account has switched on (<c>$aws/events/...</c>): one row of a realm, absent until they are first
/// configured. All are off by default. Source: API_DescribeEventConfigurations; the developer guide, "Event messages".
/// </summary>
public sealed record EventConfiguration : IRow<string>
{
    /// <summary>The types that are on, in the order of <see cref="EventType"/>.</summary>
    public required ValueList<EventType> Enabled { get; init; }

    public required Moment CreatedAt { get; init; }

    public required Moment LastModifiedAt { get; init; }

    /// <summary>The key of the only row.</summary>
    public const string OnlyKey = "";

    public string Key => OnlyKey;

    public EventConfiguration Set(IReadOnlyDictionary<EventType, bool> types, Moment now) => this with
    {
        Enabled = new(Enum.GetValues<EventType>().Where(type => types.TryGetValue(type, out var on) ? on : Enabled.Contains(type))),
        LastModifiedAt = now,
    };

    /// <summary>Whether events of a type are to be published.</summary>
    public bool IsEnabled(EventType type) => Enabled.Contains(type);

    /// <summary>The same, for a realm whose events may not be configured.</summary>
    public static bool IsEnabled(Realm realm, EventType type) => realm.EventConfigurations.Only is { } row && row.IsEnabled(type);
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
