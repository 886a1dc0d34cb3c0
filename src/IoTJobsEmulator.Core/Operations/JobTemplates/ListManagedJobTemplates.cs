using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListManagedJobTemplates.html"/>
public static class ListManagedJobTemplates
{
    public sealed record Response(ValueList<ManagedJobTemplateSummary> ManagedJobTemplates, string? NextToken);

    /// <summary>A template in the list. Source: API_ManagedJobTemplateSummary.</summary>
    public sealed record ManagedJobTemplateSummary(string TemplateArn, string TemplateName, string Description, ValueList<string> Environments, string TemplateVersion);

    /// <summary>Lists the job templates that AWS provides, by name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="templateName">Only the template of this name.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    public static Response Handle(
        Realm realm, [ManagedJobTemplateName] string? templateName, [LaserMaxResults] int? maxResults, [NextToken] string? nextToken)
    {
        var after = Page.ReadToken(nameof(ListManagedJobTemplates), nextToken, 1)?[0];
        var (templates, next) = Page.Take(
            nameof(ListManagedJobTemplates),
            ManagedTemplates.All.Where(template => (templateName is null || template.TemplateName == templateName) && string.CompareOrdinal(template.TemplateName, after) > 0),
            maxResults,
            template => new ManagedJobTemplateSummary(
                Arn.OfManagedJobTemplate(realm, template.TemplateName, template.TemplateVersion),
                template.TemplateName,
                template.Description,
                template.Environments,
                template.TemplateVersion),
            template => [template.TemplateName]);
        return new(templates, next);
    }
}
