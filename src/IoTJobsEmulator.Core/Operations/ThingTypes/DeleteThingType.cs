using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThingType.html"/>
public static class DeleteThingType
{
    public sealed record Response;

    /// <summary>Deletes a thing type that no thing has, five minutes after its deprecation at the earliest.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingTypeName">The type.</param>
    public static Response Handle(Realm realm, [Required, ThingTypeName] string thingTypeName)
    {
        var type = RegistryLookup.GetThingType(realm, thingTypeName);
        if (type.DeprecatedAt is not { } deprecatedAt)
            throw ServiceError.InvalidRequest.Because($"Cannot delete thing type : {thingTypeName}. The thing type must be deprecated before it can be deleted");
        // The text is the service's (observed); the Terraform provider waits for it.
        if (realm.Now - deprecatedAt < ThingType.DeletableAfter)
            throw ServiceError.InvalidRequest.Because($"Cannot delete thing type : {thingTypeName}. Please wait for 5 minutes after deprecation and then retry");
        if (realm.Things.OfType.Any(thingTypeName))
            throw ServiceError.InvalidRequest.Because($"Cannot delete thing type : {thingTypeName} when there are still things of it");
        realm.ThingTypes.Remove(type.Key);
        realm.ResourceTags.RemoveIfPresent(Arn.OfThingType(realm, thingTypeName));
        return new();
    }
}
