using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using Api = IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>Things, their types and their groups, in one line each.</summary>
internal static class RegistryArrangements
{
    public static void CreateThings(this TestRealm test, params string[] things)
    {
        foreach (var thing in things)
            Api.CreateThing.Handle(test, thing, null);
    }

    /// <summary>A thing with attributes and perhaps of a type, which is created when it is not there.</summary>
    public static void CreateThing(this TestRealm test, string thing, string? type = null, params (string Name, string Value)[] attributes)
    {
        if (type is not null && test.Realm.ThingTypes.Find(type) is null)
            test.CreateThingType(type);
        Api.CreateThing.Handle(test, thing, new() { ThingTypeName = type, AttributePayload = Payload(attributes) });
    }

    public static void SetAttribute(this TestRealm test, string thing, string name, string value) =>
        Api.UpdateThing.Handle(test, thing, new() { AttributePayload = Payload((name, value)) with { Merge = true } });

    public static void DeleteThing(this TestRealm test, string thing) => Api.DeleteThing.Handle(test, thing, null);

    /// <summary>A type that uses up none of the ids and ordinals which tests count.</summary>
    public static void CreateThingType(this TestRealm test, string type) =>
        test.Realm.ThingTypes.Put(new() { ThingTypeName = type, ThingTypeId = type, Ordinal = 0, CreatedAt = test.Now });

    /// <summary>A billing group that uses up none of the ids and ordinals which tests count.</summary>
    public static void CreateBillingGroup(this TestRealm test, string group) =>
        test.Realm.BillingGroups.Put(new() { BillingGroupName = group, BillingGroupId = group, Ordinal = 0, CreatedAt = test.Now });

    /// <summary>A static thing group with these members, which are created when they are not there.</summary>
    public static void CreateGroup(this TestRealm test, string group, string? parent = null, params string[] members)
    {
        CreateThingGroup.Handle(test, group, new() { ParentGroupName = parent });
        test.CreateThings(members);
        foreach (var member in members)
            test.Join(member, group);
    }

    public static void CreateDynamicGroup(this TestRealm test, string group, string query) =>
        CreateDynamicThingGroup.Handle(test, group, new() { QueryString = query });

    public static void DeleteGroup(this TestRealm test, string group) => DeleteThingGroup.Handle(test, group, null);

    public static void Join(this TestRealm test, string thing, string group, bool overrideDynamicGroups = false) =>
        AddThingToThingGroup.Handle(test, new() { ThingName = thing, ThingGroupName = group, OverrideDynamicGroups = overrideDynamicGroups });

    public static void Leave(this TestRealm test, string thing, string group) =>
        RemoveThingFromThingGroup.Handle(test, new() { ThingName = thing, ThingGroupName = group });

    /// <summary>
    /// Many things, <c>PREFIX-1</c>, <c>PREFIX-2</c>, …, loaded as rows because operations would take long. With <paramref name="digits"/>
    /// they have leading zeros, so that the order of their names is that of their numbers.
    /// </summary>
    public static List<string> LoadThings(this TestRealm test, string prefix, int count, int digits = 1)
    {
        var things = Enumerable.Range(1, count).Select(number => $"{prefix}-{number.ToString($"D{digits}")}").ToList();
        foreach (var thing in things)
            ((ITable)test.Realm.Things).Load(new Thing { ThingName = thing, ThingId = thing, Ordinal = test.Realm.NextOrdinal() });
        return things;
    }

    /// <summary>A thing group of many things, loaded as <see cref="LoadThings"/> does. Answers the group's name, on which a job can be created.</summary>
    public static string CreateFleet(this TestRealm test, string group, int size, string? parent = null, int digits = 1)
    {
        test.CreateGroup(group, parent);
        var id = test.Group(group).ThingGroupId;
        foreach (var thing in test.LoadThings(group, size, digits))
            ((ITable)test.Realm.Memberships).Load(new Membership { ThingGroupId = id, ThingName = thing, Ordinal = test.Realm.NextOrdinal() });
        return group;
    }

    public static ThingGroup Group(this TestRealm test, string group) => test.Realm.ThingGroups.OfName.First(group)!;

    /// <summary>The things in a group, in the order of joining: <c>pump-1 pump-2</c>.</summary>
    public static string Members(this TestRealm test, string group) => string.Join(' ', ListThingsInThingGroup.Handle(test, group, null, null, null).Things);
}
