using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>Requests and what they are made of, as far as tests need more than the members themselves.</summary>
internal static class Requests
{
    /// <summary>A job on one target, named by its ARN.</summary>
    public static CreateJob.Request JobOn(string targetArn, string? document = "{}") => new() { Targets = [targetArn], Document = document };

    /// <summary>A job template with a document.</summary>
    public static CreateJobTemplate.Request TemplateOf(string document = "{}") => new() { Description = "template", Document = document };

    public static ValueMap Map(params (string Name, string Value)[] pairs) => new(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    public static AttributePayload Payload(params (string Name, string Value)[] attributes) => new() { Attributes = Map(attributes) };

    /// <summary>As many attributes as said.</summary>
    public static AttributePayload ManyAttributes(int count) => Payload([.. Enumerable.Range(1, count).Select(n => ($"attribute-{n}", "value"))]);

    public static ValueList<Tag> TagList(params (string Key, string? Value)[] tags) => new(tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }));

    /// <summary>As many tags as said.</summary>
    public static ValueList<Tag> ManyTags(int count) => TagList([.. Enumerable.Range(1, count).Select(n => ($"key-{n}", (string?)"value"))]);
}
