using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateThing.html"/>
public static class UpdateThing
{
    public sealed record Request : IStructure
    {
        [ThingTypeName] public string? ThingTypeName { get; init; }

        /// <summary>Replaces the attributes, or adds to them with merge. An empty value removes an attribute.</summary>
        public AttributePayload? AttributePayload { get; init; }

        /// <summary>The update is refused when the thing has another version.</summary>
        [OptionalVersion] public long? ExpectedVersion { get; init; }

        public bool? RemoveThingType { get; init; }
    }

    public sealed record Response;

    /// <summary>Updates a thing. What is not given stays as it is; the version grows by one.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="request">What is to change.</param>
    public static Response Handle(Realm realm, [ThingName] string thingName, Request? request)
    {
        if (request is { RemoveThingType: true, ThingTypeName: not null })
            throw ServiceError.InvalidRequest.Because("thingTypeName and removeThingType cannot be specified at the same time.");
        var thing = RegistryLookup.GetThing(realm, thingName);
        RegistryLookup.RefuseOtherVersion(request?.ExpectedVersion, thing.Version);

        var thingTypeName = request?.RemoveThingType == true ? null : request?.ThingTypeName ?? thing.ThingTypeName;
        if (thingTypeName != thing.ThingTypeName)
            RegistryLookup.RefuseUnusableType(realm, thingTypeName);
        var attributes = request?.AttributePayload?.AppliedTo(thing.Attributes) ?? thing.Attributes;
        AttributePayload.RefuseTooManyOfThing(attributes, thingTypeName);

        realm.Things.Change(
            thing.Key,
            next => next with { ThingTypeName = thingTypeName, Attributes = attributes, Version = next.Version + 1 });
        DynamicGroups.Evaluate(realm, thingName);
        return new();
    }
}
