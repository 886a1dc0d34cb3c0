using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Principals;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_AttachThingPrincipal.html"/>
public static class AttachThingPrincipal
{
    public sealed record Response;

    /// <summary>Attaches a principal to a thing. Doing so again changes nothing but whether it is the principal's only thing.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing. It cannot be deleted while a principal is attached to it.</param>
    /// <param name="principal">The ARN of a certificate or the id of an Amazon Cognito identity; there are neither here, so any text will do.</param>
    /// <param name="thingPrincipalType">EXCLUSIVE_THING, if the principal is to be attached to no other thing. NON_EXCLUSIVE_THING when absent.</param>
    public static Response Handle(
        Realm realm, [Required, ThingName] string thingName, [Required, Header("x-amzn-principal"), Principal] string principal, EnumText<ThingPrincipalType>? thingPrincipalType)
    {
        var type = thingPrincipalType?.Value ?? ThingPrincipalType.NON_EXCLUSIVE_THING;
        var thing = RegistryLookup.GetThing(realm, thingName);
        var others = realm.PrincipalAttachments.OfPrincipal.RowsIn(principal).Where(other => other.ThingName != thingName);
        if (others.FirstOrDefault(other => type == ThingPrincipalType.EXCLUSIVE_THING || other.Type == ThingPrincipalType.EXCLUSIVE_THING) is { } other)
            throw ServiceError.InvalidRequest.Because($"Principal {principal} is attached to thing {other.ThingName}: it cannot be attached to {thingName} as well.");

        if (realm.PrincipalAttachments.Find(new(thing.ThingName, principal)) is not { } attachment)
            realm.PrincipalAttachments.Put(new() { ThingName = thing.ThingName, Principal = principal, Type = type, Ordinal = realm.NextOrdinal() });
        else if (attachment.Type != type)
            realm.PrincipalAttachments.Change(attachment.Key, row => row with { Type = type });
        return new();
    }
}
