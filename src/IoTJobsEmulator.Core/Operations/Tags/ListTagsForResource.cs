using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Tags;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListTagsForResource.html"/>
public static class ListTagsForResource
{
    public sealed record Response(ValueList<Tag> Tags, string? NextToken);

    /// <summary>Lists the tags of a resource. There are at most 50, so they stand on one page.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="resourceArn">The ARN of a job, a job template, a thing group, a thing type or a billing group.</param>
    /// <param name="nextToken">No page ends with one, so any is refused.</param>
    public static Response Handle(Realm realm, [Required, ResourceArn] string resourceArn, [NextToken] string? nextToken)
    {
        var tags = realm.ResourceTags.Find(Tagging.GetTaggableArn(realm, resourceArn))?.Tags ?? ValueMap.Empty;
        return string.IsNullOrEmpty(nextToken)
            ? new(new(tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })), null)
            : throw Page.InvalidToken();
    }
}
