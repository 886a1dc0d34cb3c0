using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThing.html"/>
public static class DescribeThing
{
    public sealed record Response(
        string DefaultClientId,
        string ThingName,
        string ThingId,
        string ThingArn,
        string? ThingTypeName,
        ValueMap Attributes,
        long Version,
        string? BillingGroupName);

    /// <summary>Gets information about a thing.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    public static Response Handle(Realm realm, [ThingName] string thingName)
    {
        var thing = RegistryLookup.GetThing(realm, thingName);
        return new(
            DefaultClientId: thing.ThingName,
            thing.ThingName,
            thing.ThingId,
            Arn.OfThing(realm, thing.ThingName),
            thing.ThingTypeName,
            thing.Attributes,
            thing.Version,
            thing.BillingGroupName);
    }
}
