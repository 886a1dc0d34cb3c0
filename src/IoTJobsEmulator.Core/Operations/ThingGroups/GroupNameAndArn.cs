using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <summary>A thing group in a list. Source: API_GroupNameAndArn.</summary>
public sealed record GroupNameAndArn(string GroupName, string GroupArn)
{
    public static GroupNameAndArn Of(Realm realm, ThingGroup group) => new(group.ThingGroupName, Arn.OfThingGroup(realm, group.ThingGroupName));
}
