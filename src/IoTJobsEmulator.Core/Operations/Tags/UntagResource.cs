using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Tags;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UntagResource.html"/>
public static class UntagResource
{
    public sealed record Request : IStructure
    {
        /// <summary>The ARN of a job, a job template, a thing group, a thing type or a billing group.</summary>
        [Required, ResourceArn] public string? ResourceArn { get; init; }

        [Required, TagKeyList] public ValueList<string>? TagKeys { get; init; }
    }

    public sealed record Response;

    /// <summary>Removes tags from a resource. A key that it does not have is no error.</summary>
    public static Response Handle(Realm realm, Request? request)
    {
        var arn = Tagging.GetTaggableArn(realm, request!.ResourceArn!);
        if (realm.ResourceTags.Find(arn) is not { } tags)
            return new();
        var rest = tags.Without(request.TagKeys!);
        if (rest.Tags.Count == 0)
            realm.ResourceTags.Remove(arn);
        else if (rest.Tags.Count < tags.Tags.Count)
            realm.ResourceTags.Change(arn, _ => rest);
        return new();
    }
}
