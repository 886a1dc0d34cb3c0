using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Operations.ThingTypes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Tests.Operations;

/// <summary>What there is before a test begins, in one line each.</summary>
internal static class Given
{
    public const string Here = "arn:aws:iot:us-east-1:123456789012:";

    public static void Thing(Realm realm, string thingName, string? type = null, params (string Name, string Value)[] attributes) =>
        CreateThing.Handle(realm, thingName, new() { ThingTypeName = type, AttributePayload = new() { Attributes = Map(attributes) } });

    public static void Attribute(Realm realm, string thingName, string name, string value) =>
        UpdateThing.Handle(realm, thingName, new() { AttributePayload = new() { Attributes = Map((name, value)), Merge = true } });

    public static void Type(Realm realm, string thingTypeName) => CreateThingType.Handle(realm, thingTypeName, null);

    public static void Group(Realm realm, string thingGroupName, string? parent = null) =>
        CreateThingGroup.Handle(realm, thingGroupName, new() { ParentGroupName = parent });

    public static void DynamicGroup(Realm realm, string thingGroupName, string query) =>
        CreateDynamicThingGroup.Handle(realm, thingGroupName, new() { QueryString = query });

    public static void BillingGroup(Realm realm, string billingGroupName) => CreateBillingGroup.Handle(realm, billingGroupName, null);

    public static void Join(Realm realm, string thingName, string thingGroupName, bool overrideDynamicGroups = false) =>
        AddThingToThingGroup.Handle(realm, new() { ThingName = thingName, ThingGroupName = thingGroupName, OverrideDynamicGroups = overrideDynamicGroups });

    public static void Leave(Realm realm, string thingName, string thingGroupName) =>
        RemoveThingFromThingGroup.Handle(realm, new() { ThingName = thingName, ThingGroupName = thingGroupName });

    public static CreateJob.Request JobOn(string target, string? document = "{}") => new() { Targets = [$"{Here}{target}"], Document = document };

    public static void Job(Realm realm, string jobId, string target = "thing/pump-1") => CreateJob.Handle(realm, jobId, JobOn(target));

    public static CreateJobTemplate.Request TemplateOf(string document = "{}") => new() { Description = "template", Document = document };

    public static void Template(Realm realm, string jobTemplateId) => CreateJobTemplate.Handle(realm, jobTemplateId, TemplateOf());

    public static string DocumentOf(Realm realm, string jobId) => GetJobDocument.Handle(realm, jobId, null).Document;

    public static string Members(Realm realm, string thingGroupName) => string.Join(' ', ListThingsInThingGroup.Handle(realm, thingGroupName, null, null, null).Things);

    public static ValueList<Tag> Tags(params (string Key, string? Value)[] tags) => new(tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }));

    public static ValueList<Tag> ManyTags(int count) => Tags([.. Enumerable.Range(1, count).Select(n => ($"key-{n}", (string?)"value"))]);

    public static ValueMap Map(params (string Name, string Value)[] pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    /// <summary>All pages of a list, each page's entries joined by blanks.</summary>
    public static List<string> Pages(Func<string?, (IEnumerable<string> Entries, string? NextToken)> list)
    {
        List<string> pages = [];
        string? token = null;
        do
        {
            (var entries, token) = list(token);
            pages.Add(string.Join(' ', entries));
        }
        while (token is not null);
        return pages;
    }

    /// <summary>Due work until nothing is due; answers how many turns it took.</summary>
    public static int DoDueWork(TestRealm test)
    {
        var turns = 0;
        while (DueWork.Step(test.World) is not null)
        {
            Assert.NotEmpty(test.Realm.TakeChanges());
            Assert.True(++turns < 1000, "due work does not come to an end");
        }
        return turns;
    }
}
