using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobTemplates.html"/>
public static class ListJobTemplates
{
    public sealed record Response(ValueList<JobTemplateSummary> JobTemplates, string? NextToken);

    /// <summary>A template in the list. Source: API_JobTemplateSummary.</summary>
    public sealed record JobTemplateSummary(string JobTemplateArn, string JobTemplateId, string Description, Moment CreatedAt);

    /// <summary>Lists the account's own job templates, the newest first (observed).</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    public static Response Handle(Realm realm, [LaserMaxResults] int? maxResults, [NextToken] string? nextToken)
    {
        var place = Page.ReadToken(nameof(ListJobTemplates), nextToken, 2) is [var createdAt, var ordinal]
            ? new Place<Number>(Page.ParseNumber(createdAt), Page.ParseNumber(ordinal))
            : new(long.MinValue, 0);
        var (templates, next) = Page.Take(
            nameof(ListJobTemplates),
            realm.JobTemplates.NewestFirst.RowsAfter(place),
            maxResults,
            template => new JobTemplateSummary(Arn.OfJobTemplate(realm, template.JobTemplateId), template.JobTemplateId, template.Description, template.CreatedAt),
            template => [-template.CreatedAt.Milliseconds, -template.Ordinal]);
        return new(templates, next);
    }
}
