using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Principals;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html"/>
public static class DetachThingPrincipal
{
    public sealed record Response;

    /// <summary>Detaches a principal from a thing. Succeeds also when it is not attached.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="principal">The principal as it was attached.</param>
    public static Response Handle(Realm realm, [Required, ThingName] string thingName, [Required, Header("x-amzn-principal"), Principal] string principal)
    {
        var key = new PrincipalAttachmentKey(RegistryLookup.GetThing(realm, thingName).ThingName, principal);
        if (realm.PrincipalAttachments.Find(key) is not null)
            realm.PrincipalAttachments.Remove(key);
        return new();
    }
}
