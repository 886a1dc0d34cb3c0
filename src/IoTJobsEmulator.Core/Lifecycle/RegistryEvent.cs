using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Something has changed in the registry (<c>$aws/events/thing/...</c> and its siblings). Carries the rows as they were then.
/// Source: the developer guide, "Registry events".
/// </summary>
public abstract record RegistryEvent(EventType Type, RegistryOperation Operation) : Announcement;

/// <summary>What is said of the registry: the last part of the event's topic.</summary>
public enum RegistryOperation
{
    created,
    updated,
    deleted,
    added,
    removed,
}

/// <summary>A thing was created, updated or deleted.</summary>
public sealed record ThingEvent(RegistryOperation Operation, Thing Thing) : RegistryEvent(EventType.THING, Operation);

/// <summary>A thing type was created, updated, deprecated, revived (these three are updates) or deleted.</summary>
public sealed record ThingTypeEvent(RegistryOperation Operation, ThingType ThingType) : RegistryEvent(EventType.THING_TYPE, Operation);

/// <summary>A thing was given a type, or has it no longer.</summary>
public sealed record ThingTypeAssociationEvent(RegistryOperation Operation, Thing Thing, string ThingTypeName)
    : RegistryEvent(EventType.THING_TYPE_ASSOCIATION, Operation);

/// <summary>A group was created, updated or deleted. Carries the groups above it, the root first.</summary>
public sealed record ThingGroupEvent(RegistryOperation Operation, ThingGroup ThingGroup, ValueList<ThingGroup> RootToParent)
    : RegistryEvent(EventType.THING_GROUP, Operation);

/// <summary>A thing was added to a group, or removed from it.</summary>
public sealed record ThingGroupMembershipEvent(RegistryOperation Operation, ThingGroup ThingGroup, Thing Thing, Membership Membership)
    : RegistryEvent(EventType.THING_GROUP_MEMBERSHIP, Operation);

/// <summary>A group was put below another, or is there no longer.</summary>
public sealed record ThingGroupHierarchyEvent(RegistryOperation Operation, ThingGroup Parent, ThingGroup Child)
    : RegistryEvent(EventType.THING_GROUP_HIERARCHY, Operation);
