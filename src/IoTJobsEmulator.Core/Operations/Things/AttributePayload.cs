using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <summary>
/// Attributes of a thing or thing group as callers give them, and what they make of those that were there.
/// Source: API_AttributePayload; quotas of AWS IoT Device Management. The quota of 47 KB cannot be exceeded by 50 attributes.
/// </summary>
public sealed record AttributePayload : IStructure
{
    private const int MaxWithoutType = 3, Max = 50;

    /// <summary>Name and value. An empty value removes the attribute.</summary>
    [Attributes] public ValueMap? Attributes { get; init; }

    /// <summary>Whether attributes that are not named here stay; otherwise all are replaced. Means nothing at creation.</summary>
    public bool? Merge { get; init; }

    public ValueMap AppliedTo(ValueMap before)
    {
        if (Attributes is null)
            return before;
        var after = Merge == true ? before.ToDictionary() : [];
        foreach (var (name, value) in Attributes)
        {
            if (value.Length > 0)
                after[name] = value;
            else
                after.Remove(name);
        }
        return new(after);
    }

    public static void RefuseTooManyOfThing(ValueMap attributes, string? thingTypeName)
    {
        if (thingTypeName is null && attributes.Count > MaxWithoutType)
            throw ServiceError.InvalidRequest.Because($"To use more than {MaxWithoutType} attributes, a thing must have a type specified.");
        RefuseMoreThanMax(attributes, "thing");
    }

    public static void RefuseTooManyOfThingGroup(ValueMap attributes) => RefuseMoreThanMax(attributes, "thing group");

    private static void RefuseMoreThanMax(ValueMap attributes, string resource)
    {
        if (attributes.Count > Max)
            throw ServiceError.InvalidRequest.Because(
                $"Too many attributes specified. The maximum number of attributes allowed for a {resource} is {Max}");
    }
}
