using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <summary>Things, their groups and their types as callers name them, found or refused. The service's texts for these refusals are not public.</summary>
public static class RegistryLookup
{
    public static Thing GetThing(Realm realm, string thingName) =>
        realm.Things.Find(thingName) ?? throw ServiceError.ResourceNotFound.Because($"Thing {thingName} cannot be found.");

    public static ThingGroup GetThingGroup(Realm realm, string thingGroupName) =>
        FindThingGroup(realm, thingGroupName) ?? throw ServiceError.ResourceNotFound.Because($"Thing group {thingGroupName} cannot be found.");

    public static ThingType GetThingType(Realm realm, string thingTypeName) =>
        realm.ThingTypes.Find(thingTypeName) ?? throw ServiceError.ResourceNotFound.Because($"Thing type {thingTypeName} cannot be found.");

    public static BillingGroup GetBillingGroup(Realm realm, string billingGroupName) =>
        realm.BillingGroups.Find(billingGroupName) ?? throw ServiceError.ResourceNotFound.Because($"Billing group {billingGroupName} cannot be found.");

    /// <summary>Refuses a type that a thing cannot be given: there is none, or it is deprecated.</summary>
    public static void RefuseUnusableType(Realm realm, string? thingTypeName)
    {
        if (thingTypeName is not null && GetThingType(realm, thingTypeName).IsDeprecated)
            throw ServiceError.InvalidRequest.Because($"Thing type {thingTypeName} is deprecated: no thing can be given it.");
    }

    public static void RefuseDynamic(ThingGroup group)
    {
        if (group.IsDynamic)
            throw ServiceError.InvalidRequest.Because($"Thing group {group.ThingGroupName} is a dynamic group: use the operations for dynamic groups.");
    }

    public static void RefuseStatic(ThingGroup group)
    {
        if (!group.IsDynamic)
            throw ServiceError.InvalidRequest.Because($"Thing group {group.ThingGroupName} is not a dynamic group.");
    }

    /// <summary>A group that is deleted cannot be named any more, though its row may still be there.</summary>
    public static ThingGroup? FindThingGroup(Realm realm, string thingGroupName) => realm.ThingGroups.OfName.First(thingGroupName);

    public static string ResolveThingName(Realm realm, string? thingName, string? thingArn) =>
        NameOf(realm, Arn.ThingType, thingName, nameof(thingName), thingArn, nameof(thingArn));

    public static string ResolveThingGroupName(Realm realm, string? thingGroupName, string? thingGroupArn) =>
        NameOf(realm, Arn.ThingGroupType, thingGroupName, nameof(thingGroupName), thingGroupArn, nameof(thingGroupArn));

    public static string ResolveBillingGroupName(Realm realm, string? billingGroupName, string? billingGroupArn) =>
        NameOf(realm, Arn.BillingGroupType, billingGroupName, nameof(billingGroupName), billingGroupArn, nameof(billingGroupArn));

    public static void RefuseOtherVersion(long? expectedVersion, long version)
    {
        if (expectedVersion is { } expected && expected != version)
            throw ServiceError.VersionConflict.Because($"Expected version {expected} but found version {version}");
    }

    private static string NameOf(Realm realm, string resourceType, string? name, string nameMember, string? arn, string arnMember)
    {
        if (arn is null)
            return name ?? throw ServiceError.InvalidRequest.Because($"Either {nameMember} or {arnMember} must be specified.");
        if (!Arn.TryParse(arn, out var read))
            throw ServiceError.InvalidRequest.Because($"{arn} at {arnMember} is not a valid ARN.");
        if (read.ResourceType != resourceType)
            throw ServiceError.InvalidRequest.Because(
                $"Resource type should be {resourceType} but found invalid resource type {read.ResourceType}");
        if (name is not null && name != read.ResourceId)
            throw ServiceError.InvalidRequest.Because($"{nameMember} {name} and {arnMember} {arn} do not name the same resource.");
        return read.IsIn(realm) ? read.ResourceId : throw ServiceError.ResourceNotFound.Because($"{arn} cannot be found.");
    }
}
