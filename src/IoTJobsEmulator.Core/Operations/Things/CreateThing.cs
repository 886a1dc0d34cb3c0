using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html"/>
public static class CreateThing
{
    public sealed record Request : IStructure
    {
        [ThingTypeName] public string? ThingTypeName { get; init; }

        /// <summary>At most 3 attributes without a type, 50 with one.</summary>
        public AttributePayload? AttributePayload { get; init; }

        [BillingGroupName] public string? BillingGroupName { get; init; }
    }

    public sealed record Response(string ThingName, string ThingArn, string ThingId);

    /// <summary>Creates a thing. Doing so again with the same configuration succeeds, with another it is refused.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">A name for the thing; it cannot be changed.</param>
    /// <param name="request">Type, attributes and billing group.</param>
    public static Response Handle(Realm realm, [ThingName] string thingName, Request? request)
    {
        var attributes = request?.AttributePayload?.AppliedTo(ValueMap.Empty) ?? ValueMap.Empty;
        AttributePayload.RefuseTooManyOfThing(attributes, request?.ThingTypeName);

        if (realm.Things.Find(thingName) is not { } thing)
        {
            RegistryLookup.RefuseUnusableType(realm, request?.ThingTypeName);
            if (request?.BillingGroupName is { } billingGroupName)
                RegistryLookup.GetBillingGroup(realm, billingGroupName);
            thing = new()
            {
                ThingName = thingName,
                ThingId = realm.NewId(),
                Ordinal = realm.NextOrdinal(),
                ThingTypeName = request?.ThingTypeName,
                BillingGroupName = request?.BillingGroupName,
                Attributes = attributes,
            };
            realm.Things.Put(thing);
            DynamicGroups.Evaluate(realm, thing.ThingName);
        }
        else if (thing.ThingTypeName != request?.ThingTypeName
            || thing.BillingGroupName != request?.BillingGroupName
            || !thing.Attributes.Equals(attributes))
        {
            throw new ServiceException(ServiceError.ResourceAlreadyExists, $"Thing {thingName} already exists in account with different attributes")
            {
                Members = new ValueMap([new("resourceId", thing.ThingId), new("resourceArn", Arn.OfThing(realm, thingName))]),
            };
        }
        return new(thing.ThingName, Arn.OfThing(realm, thing.ThingName), thing.ThingId);
    }
}
