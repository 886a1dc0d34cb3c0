using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeprecateThingType.html"/>
public static class DeprecateThingType
{
    public sealed record Request : IStructure
    {
        /// <summary>Whether the type is to be usable again.</summary>
        public bool? UndoDeprecate { get; init; }
    }

    public sealed record Response;

    /// <summary>Deprecates a thing type: no more things can be given it. Those that have it keep it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingTypeName">The type.</param>
    /// <param name="request">Whether the deprecation is undone instead.</param>
    public static Response Handle(Realm realm, [Required, ThingTypeName] string thingTypeName, Request? request)
    {
        var type = RegistryLookup.GetThingType(realm, thingTypeName);
        realm.ThingTypes.Change(type.Key, next => request?.UndoDeprecate is true ? next.UndoDeprecation() : next.Deprecate(realm.Now));
        return new();
    }
}
