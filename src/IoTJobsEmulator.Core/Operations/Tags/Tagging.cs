using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Tags;

/// <summary>
/// What all operations with tags share. Source: the developer guide, "Tagging your AWS IoT resources". It states the rules; how the
/// service words its refusals is not public.
/// </summary>
internal static class Tagging
{
    /// <summary>Keeps the tags with which a resource is created.</summary>
    public static void Create(Realm realm, string resourceArn, ValueList<Tag>? tags)
    {
        if (tags is { Count: > 0 })
            realm.ResourceTags.Put(new() { ResourceArn = resourceArn, Tags = ToMap(tags) });
    }

    /// <summary>
    /// Refuses tags with which no resource can be created. Not every operation that creates something has an error of its own for
    /// too many.
    /// </summary>
    public static void Check(ValueList<Tag>? tags, ServiceError tooMany)
    {
        if (tags is not null)
            RefuseTooMany(ToMap(tags), tooMany);
    }

    public static void RefuseTooMany(ValueMap tags, ServiceError tooMany)
    {
        if (tags.Count > ResourceTags.MaxTags)
            throw tooMany.Because($"The maximum number of tags allowed for a resource is {ResourceTags.MaxTags}");
    }

    /// <summary>Tags as they are kept: a tag without a value has an empty one.</summary>
    public static ValueMap ToMap(ValueList<Tag> tags)
    {
        var read = new Dictionary<string, string>();
        foreach (var tag in tags)
        {
            if (tag.Key!.StartsWith(ResourceTags.ReservedPrefix, StringComparison.OrdinalIgnoreCase))
                throw ServiceError.InvalidRequest.Because($"Tag key {tag.Key} is invalid: the prefix {ResourceTags.ReservedPrefix} is reserved.");
            if (!read.TryAdd(tag.Key, tag.Value ?? ""))
                throw ServiceError.InvalidRequest.Because($"Tag key {tag.Key} is given more than once.");
        }
        return new(read);
    }

    /// <summary>The ARN of a resource that is there and can have tags.</summary>
    public static string GetTaggableArn(Realm realm, string resourceArn)
    {
        if (!Arn.TryParse(resourceArn, out var arn))
            throw ServiceError.InvalidRequest.Because($"{resourceArn} at resourceArn is not a valid ARN.");
        if (Exists(realm, arn) is not { } exists)
            throw ServiceError.InvalidRequest.Because($"Resources of the type {arn.ResourceType} cannot be tagged.");
        return exists && arn.IsIn(realm) ? resourceArn : throw ServiceError.ResourceNotFound.Because($"Resource {resourceArn} cannot be found.");
    }

    /// <summary>Whether the resource is there; null when there can be no tags on its type. A thing has attributes instead.</summary>
    private static bool? Exists(Realm realm, Arn arn) => arn.ResourceType switch
    {
        Arn.JobType => realm.Jobs.Find(arn.ResourceId) is not null,
        Arn.JobTemplateType => realm.JobTemplates.Find(arn.ResourceId) is not null,
        Arn.ThingGroupType => RegistryLookup.FindThingGroup(realm, arn.ResourceId) is not null,
        Arn.ThingTypeType => realm.ThingTypes.Find(arn.ResourceId) is not null,
        Arn.BillingGroupType => realm.BillingGroups.Find(arn.ResourceId) is not null,
        _ => null,
    };
}
