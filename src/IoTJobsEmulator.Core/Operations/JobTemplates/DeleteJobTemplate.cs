using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJobTemplate.html"/>
public static class DeleteJobTemplate
{
    public sealed record Response;

    /// <summary>Deletes a job template. Jobs that were made from it stay as they are.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobTemplateId">The template.</param>
    public static Response Handle(Realm realm, [Required, JobTemplateId] string jobTemplateId)
    {
        realm.JobTemplates.Remove(JobTemplateLookup.GetJobTemplate(realm, jobTemplateId).Key);
        realm.ResourceTags.RemoveIfPresent(Arn.OfJobTemplate(realm, jobTemplateId));
        return new();
    }
}
