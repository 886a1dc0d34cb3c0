using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>A template that a job can be created from.</summary>
/// <param name="Arn">What CreateJob takes.</param>
/// <param name="Name">Its id; of one that AWS provides, its name and version.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Document">Its document, placeholders included; null when it has a link.</param>
/// <param name="DocumentSource">The link to its document in S3; null when it has the document itself.</param>
/// <param name="Parameters">What a job fills in; only templates that AWS provides have such.</param>
/// <param name="IsManaged">Whether AWS provides it.</param>
public sealed record TemplateChoice(
    string Arn, string Name, string Description, string? Document, string? DocumentSource, IReadOnlyList<DocumentParameter> Parameters, bool IsManaged)
{
    /// <summary>The account's own, the newest first, then those that AWS provides by name. An account has a hundred at most.</summary>
    public static IReadOnlyList<TemplateChoice> All(Realm realm) =>
    [
        .. from template in realm.JobTemplates.NewestFirst.Rows
           select new TemplateChoice(
               Core.Arn.OfJobTemplate(realm, template.JobTemplateId), template.JobTemplateId, template.Description, template.Document, template.DocumentSource, [], false),
        .. from template in ManagedTemplates.All
           select new TemplateChoice(
               Core.Arn.OfManagedJobTemplate(realm, template.TemplateName, template.TemplateVersion), $"{template.TemplateName} {template.TemplateVersion}",
               template.Description, template.DocumentText, null, template.DocumentParameters, true),
    ];
}
