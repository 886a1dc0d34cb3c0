using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Things;

/// <summary>The properties of a thing type, in requests and responses. Source: API_ThingTypeProperties.</summary>
public sealed record ThingTypeProperties : IStructure
{
    [ThingTypeDescription] public string? ThingTypeDescription { get; init; }

    /// <summary>Names of attributes by which things are looked for. They read back sorted.</summary>
    [SearchableAttributes] public ValueList<string>? SearchableAttributes { get; init; }

    /// <summary>Kept, without effect: what a broker adds to MQTT 5 messages.</summary>
    public Mqtt5Configuration? Mqtt5Configuration { get; init; }

    /// <summary>The properties as they are kept.</summary>
    public ThingTypeProperties Sorted() => SearchableAttributes is null ? this : this with { SearchableAttributes = new(SearchableAttributes.Order(StringComparer.Ordinal)) };

    /// <summary>These properties, overridden by those that another value has.</summary>
    public ThingTypeProperties UpdatedWith(ThingTypeProperties update) => new()
    {
        ThingTypeDescription = update.ThingTypeDescription ?? ThingTypeDescription,
        SearchableAttributes = update.SearchableAttributes ?? SearchableAttributes,
        Mqtt5Configuration = update.Mqtt5Configuration ?? Mqtt5Configuration,
    };
}

/// <summary>Source: API_Mqtt5Configuration.</summary>
public sealed record Mqtt5Configuration : IStructure
{
    [PropagatingAttributeList] public ValueList<PropagatingAttribute>? PropagatingAttributes { get; init; }
}

/// <summary>A user property of messages, and where its value comes from. Source: API_PropagatingAttribute.</summary>
public sealed record PropagatingAttribute : IStructure
{
    [UserPropertyKeyName] public string? UserPropertyKey { get; init; }

    [AttributeName] public string? ThingAttribute { get; init; }

    [ConnectionAttributeName] public string? ConnectionAttribute { get; init; }
}
