using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateThingType.html"/>
public static class UpdateThingType
{
    public sealed record Request : IStructure
    {
        public ThingTypeProperties? ThingTypeProperties { get; init; }
    }

    public sealed record Response;

    /// <summary>Updates a thing type. What is not given stays as it is.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingTypeName">The type.</param>
    /// <param name="request">What is to change.</param>
    public static Response Handle(Realm realm, [Required, ThingTypeName] string thingTypeName, Request? request)
    {
        var type = RegistryLookup.GetThingType(realm, thingTypeName);
        if (request?.ThingTypeProperties is { } update)
            realm.ThingTypes.Change(type.Key, next => next with { Properties = next.Properties.UpdatedWith(update).Sorted() });
        return new();
    }
}
