using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <summary>Finds job templates, or refuses in the service's words.</summary>
internal static class JobTemplateLookup
{
    public static JobTemplate GetJobTemplate(Realm realm, string jobTemplateId) => realm.JobTemplates.Find(jobTemplateId) ?? throw NotFound();

    /// <summary>The template that an ARN names: one of the account's own, or one that AWS provides.</summary>
    public static (JobTemplate? Custom, ManagedTemplate? Managed) Find(Realm realm, string jobTemplateArn)
    {
        if (!Arn.TryParse(jobTemplateArn, out var arn))
            throw ServiceError.InvalidRequest.Because($"{jobTemplateArn} at jobTemplateArn is not a valid ARN.");
        if (arn.ResourceType != Arn.JobTemplateType)
            throw ServiceError.InvalidRequest.Because($"Resource type should be {Arn.JobTemplateType} but found invalid resource type {arn.ResourceType}");
        if (arn.IsIn(realm))
            return (GetJobTemplate(realm, arn.ResourceId), null);
        var managed = arn.IsIn(Arn.OwnerOfManagedTemplates(realm))
            ? ManagedTemplates.All.FirstOrDefault(template => $"{template.TemplateName}:{template.TemplateVersion}" == arn.ResourceId)
            : null;
        return (null, managed ?? throw NotFound());
    }

    // The service does not name the template (observed).
    public static ServiceException NotFound() => ServiceError.ResourceNotFound.Because("Job Template ID cannot be found.");
}
