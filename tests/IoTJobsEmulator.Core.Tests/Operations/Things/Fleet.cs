using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

/// <summary>Things and groups in one line each.</summary>
internal static class Fleet
{
    public static void Thing(Realm realm, string thingName, string? type = null, params (string Name, string Value)[] attributes)
    {
        if (type is not null && realm.ThingTypes.Find(type) is null)
            Type(realm, type);
        CreateThing.Handle(realm, thingName, new() { ThingTypeName = type, AttributePayload = Payload(attributes) });
    }

    /// <summary>A type that uses up none of the ids and ordinals which tests count.</summary>
    public static void Type(Realm realm, string thingTypeName) =>
        realm.ThingTypes.Put(new ThingType { ThingTypeName = thingTypeName, ThingTypeId = thingTypeName, Ordinal = 0, CreatedAt = realm.Now });

    public static void BillingGroup(Realm realm, string billingGroupName) =>
        realm.BillingGroups.Put(new BillingGroup { BillingGroupName = billingGroupName, BillingGroupId = billingGroupName, Ordinal = 0, CreatedAt = realm.Now });

    public static void Group(Realm realm, string thingGroupName, string? parent = null) =>
        CreateThingGroup.Handle(realm, thingGroupName, new() { ParentGroupName = parent });

    public static void Join(Realm realm, string thingName, string thingGroupName) =>
        AddThingToThingGroup.Handle(realm, new() { ThingName = thingName, ThingGroupName = thingGroupName });

    public static AttributePayload Payload(params (string Name, string Value)[] attributes) => new() { Attributes = Map(attributes) };

    public static ValueMap Map(params (string Name, string Value)[] pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    /// <summary>As many attributes as said.</summary>
    public static AttributePayload Many(int count) => Payload([.. Enumerable.Range(1, count).Select(n => ($"attribute-{n}", "value"))]);

    /// <summary>All pages of a list, the entries of each joined by spaces.</summary>
    public static List<string> Pages(Func<string?, (IEnumerable<string> Entries, string? NextToken)> list)
    {
        List<string> pages = [];
        string? token = null;
        do
        {
            (var entries, token) = list(token);
            pages.Add(string.Join(' ', entries));
            Assert.True(pages.Count < 100, "The list does not end.");
        }
        while (token is not null);
        return pages;
    }
}
