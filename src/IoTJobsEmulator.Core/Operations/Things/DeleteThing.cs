using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThing.html"/>
public static class DeleteThing
{
    public sealed record Response;

    /// <summary>Deletes a thing to which no principal is attached. Succeeds also when there is none of this name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing. Its open job executions become REMOVED.</param>
    /// <param name="expectedVersion">The deletion is refused when the thing has another version.</param>
    public static Response Handle(Realm realm, [ThingName] string thingName, [OptionalVersion] long? expectedVersion)
    {
        if (realm.Things.Find(thingName) is not { } thing)
            return new();
        RegistryLookup.RefuseOtherVersion(expectedVersion, thing.Version);
        if (realm.PrincipalAttachments.OfThing.Any(thingName))
            throw ServiceError.InvalidRequest.Because($"Cannot delete. Thing {thingName} is still attached to one or more principals");

        realm.Things.Remove(thing.Key);
        RegistryDeletion.DeleteThing(realm, thing);
        return new();
    }
}
