using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// The tags of a resource, which is named by its ARN. The row is removed with the resource, or with its last tag.
/// Source: the developer guide, "Tagging your AWS IoT resources".
/// </summary>
public sealed record ResourceTags : IRow<string>
{
    /// <summary>Tags of one resource.</summary>
    public const int MaxTags = 50;

    /// <summary>Keys that begin so, in whatever case, are AWS's own.</summary>
    public const string ReservedPrefix = "aws:";

    public required string ResourceArn { get; init; }

    /// <summary>Key and value. Keys are told apart by case.</summary>
    public required ValueMap Tags { get; init; }

    public string Key => ResourceArn;

    /// <summary>Adds tags. One whose key is there gets the new value.</summary>
    public ResourceTags With(ValueMap tags) => this with { Tags = new([.. Tags.Where(tag => !tags.ContainsKey(tag.Key)), .. tags]) };

    /// <summary>Removes tags. A key that is not there is no error.</summary>
    public ResourceTags Without(IReadOnlyCollection<string> keys) => this with { Tags = new(Tags.Where(tag => !keys.Contains(tag.Key))) };
}
