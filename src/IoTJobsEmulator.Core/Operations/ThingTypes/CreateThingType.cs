using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThingType.html"/>
public static class CreateThingType
{
    public sealed record Request : IStructure
    {
        public ThingTypeProperties? ThingTypeProperties { get; init; }

        [TagList] public ValueList<Tag>? Tags { get; init; }
    }

    public sealed record Response(string ThingTypeName, string ThingTypeArn, string ThingTypeId);

    /// <summary>Creates a thing type. Doing so again with the same properties succeeds, with others it is refused.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingTypeName">A name for the type; it cannot be changed.</param>
    /// <param name="request">Properties and tags.</param>
    public static Response Handle(Realm realm, [Required, ThingTypeName] string thingTypeName, Request? request)
    {
        Tagging.Check(request?.Tags, ServiceError.InvalidRequest);
        var properties = (request?.ThingTypeProperties ?? new()).Sorted();
        var arn = Arn.OfThingType(realm, thingTypeName);
        if (realm.ThingTypes.Find(thingTypeName) is not { } type)
        {
            type = new()
            {
                ThingTypeName = thingTypeName,
                ThingTypeId = realm.NewId(),
                Ordinal = realm.NextOrdinal(),
                Properties = properties,
                CreatedAt = realm.Now,
            };
            realm.ThingTypes.Put(type);
            Tagging.Create(realm, arn, request?.Tags);
        }
        else if (type.Properties != properties)
        {
            throw new ServiceException(ServiceError.ResourceAlreadyExists, $"ThingType {thingTypeName} already exists in account with different properties")
            {
                Members = new ValueMap([new("resourceId", type.ThingTypeId), new("resourceArn", arn)]),
            };
        }
        return new(type.ThingTypeName, arn, type.ThingTypeId);
    }
}
