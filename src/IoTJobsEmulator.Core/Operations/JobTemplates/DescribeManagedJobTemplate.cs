using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeManagedJobTemplate.html"/>
public static class DescribeManagedJobTemplate
{
    public sealed record Response(
        string TemplateName,
        string TemplateArn,
        string Description,
        string TemplateVersion,
        ValueList<string> Environments,
        ValueList<DocumentParameter> DocumentParameters,
        string Document);

    /// <summary>Describes a job template that AWS provides, with its document and the parameters in it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="templateName">The template.</param>
    /// <param name="templateVersion">Each template has one version, which is also the default.</param>
    public static Response Handle(Realm realm, [Required, ManagedJobTemplateName] string templateName, [ManagedTemplateVersion] string? templateVersion)
    {
        var template = ManagedTemplates.All.FirstOrDefault(
                template => template.TemplateName == templateName && (templateVersion is null || template.TemplateVersion == templateVersion))
            ?? throw JobTemplateLookup.NotFound();
        return new(
            template.TemplateName,
            Arn.OfManagedJobTemplate(realm, template.TemplateName, template.TemplateVersion),
            template.Description,
            template.TemplateVersion,
            template.Environments,
            template.DocumentParameters,
            template.DocumentText);
    }
}
