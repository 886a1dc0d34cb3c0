using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Tags;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_TagResource.html"/>
public static class TagResource
{
    public sealed record Request : IStructure
    {
        /// <summary>The ARN of a job, a job template, a thing group, a thing type or a billing group.</summary>
        [Required, ResourceArn] public string? ResourceArn { get; init; }

        /// <summary>With those that the resource has, at most 50.</summary>
        [Required, TagList] public ValueList<Tag>? Tags { get; init; }
    }

    public sealed record Response;

    /// <summary>Adds tags to a resource. A tag whose key it already has gets the new value.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var added = Tagging.ToMap(request!.Tags!);
        var arn = Tagging.GetTaggableArn(realm, request.ResourceArn!);
        if (added.Count == 0)
            return new();
        var tags = realm.ResourceTags.Find(arn) is not null
            ? realm.ResourceTags.Change(arn, row => row.With(added))
            : realm.ResourceTags.Put(new() { ResourceArn = arn, Tags = added });
        Tagging.RefuseTooMany(tags.After!.Tags, ServiceError.LimitExceeded);
        return new();
    }
}
