using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.Operations.Events;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.Principals;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Operations.ThingTypes;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Operations;
using static IoTJobsEmulator.Core.ServiceError;
using IotJobsData = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The routes of iot and iot-jobs-data: method, path, operation, and the errors that it declares beside those of its group. Each resource
/// is one block; the order in Swagger UI is that of <see cref="OpenApiTags"/>.
/// </summary>
internal static class Routes
{
    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        var types = new OperationGroup(app, Api.Iot, OpenApiTags.ThingTypes, InvalidRequest, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        types.Post("/thing-types/{thingTypeName}", CreateThingType.Handle).Throws(ResourceAlreadyExists);
        types.Get("/thing-types/{thingTypeName}", DescribeThingType.Handle).Throws(ResourceNotFound);
        types.Patch("/thing-types/{thingTypeName}", UpdateThingType.Handle).Throws(ResourceNotFound);
        types.Get("/thing-types", ListThingTypes.Handle);
        types.Post("/thing-types/{thingTypeName}/deprecate", DeprecateThingType.Handle).Throws(ResourceNotFound).Under(OpenApiTags.Ending, 7);
        types.Delete("/thing-types/{thingTypeName}", DeleteThingType.Handle).Throws(ResourceNotFound).Under(OpenApiTags.CleaningUp, 6);

        var things = new OperationGroup(app, Api.Iot, OpenApiTags.Things, InvalidRequest, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        things.Post("/things/{thingName}", CreateThing.Handle).Throws(ResourceNotFound, ResourceAlreadyExists);
        things.Get("/things/{thingName}", DescribeThing.Handle).Throws(ResourceNotFound);
        things.Patch("/things/{thingName}", UpdateThing.Handle).Throws(ResourceNotFound, VersionConflict);
        things.Get("/things", ListThings.Handle);
        things.Delete("/things/{thingName}", DeleteThing.Handle).Throws(ResourceNotFound, VersionConflict).Under(OpenApiTags.CleaningUp, 4);

        var groups = new OperationGroup(app, Api.Iot, OpenApiTags.ThingGroups, InvalidRequest, Throttling, InternalFailure);
        // The model lacks ResourceNotFound, which an unknown parent group is answered with.
        groups.Post("/thing-groups/{thingGroupName}", CreateThingGroup.Handle).Throws(ResourceNotFound, ResourceAlreadyExists);
        groups.Get("/thing-groups/{thingGroupName}", DescribeThingGroup.Handle).Throws(ResourceNotFound);
        groups.Patch("/thing-groups/{thingGroupName}", UpdateThingGroup.Handle).Throws(ResourceNotFound, VersionConflict);
        groups.Get("/thing-groups", ListThingGroups.Handle).Throws(ResourceNotFound);
        groups.Put("/thing-groups/addThingToThingGroup", AddThingToThingGroup.Handle).Throws(ResourceNotFound);
        groups.Put("/thing-groups/updateThingGroupsForThing", UpdateThingGroupsForThing.Handle).Throws(ResourceNotFound);
        groups.Get("/thing-groups/{thingGroupName}/things", ListThingsInThingGroup.Handle).Throws(ResourceNotFound);
        groups.Get("/things/{thingName}/thing-groups", ListThingGroupsForThing.Handle).Throws(ResourceNotFound);
        groups.Put("/thing-groups/removeThingFromThingGroup", RemoveThingFromThingGroup.Handle).Throws(ResourceNotFound).Under(OpenApiTags.Ending, 4);
        groups.Delete("/thing-groups/{thingGroupName}", DeleteThingGroup.Handle).Throws(VersionConflict).Under(OpenApiTags.CleaningUp, 3);

        var dynamicGroups = new OperationGroup(app, Api.Iot, OpenApiTags.DynamicThingGroups, InvalidRequest, Throttling, InternalFailure);
        dynamicGroups.Post("/dynamic-thing-groups/{thingGroupName}", CreateDynamicThingGroup.Handle).Throws(ResourceNotFound, ResourceAlreadyExists, InvalidQuery, LimitExceeded);
        dynamicGroups.Patch("/dynamic-thing-groups/{thingGroupName}", UpdateDynamicThingGroup.Handle).Throws(ResourceNotFound, VersionConflict, InvalidQuery);
        dynamicGroups.Delete("/dynamic-thing-groups/{thingGroupName}", DeleteDynamicThingGroup.Handle).Throws(VersionConflict).Under(OpenApiTags.CleaningUp, 2);

        var billing = new OperationGroup(app, Api.Iot, OpenApiTags.BillingGroups, InvalidRequest, Throttling, InternalFailure);
        billing.Post("/billing-groups/{billingGroupName}", CreateBillingGroup.Handle).Throws(ResourceAlreadyExists);
        billing.Get("/billing-groups/{billingGroupName}", DescribeBillingGroup.Handle).Throws(ResourceNotFound);
        billing.Patch("/billing-groups/{billingGroupName}", UpdateBillingGroup.Handle).Throws(ResourceNotFound, VersionConflict);
        billing.Get("/billing-groups", ListBillingGroups.Handle).Throws(ResourceNotFound);
        billing.Put("/billing-groups/addThingToBillingGroup", AddThingToBillingGroup.Handle).Throws(ResourceNotFound);
        billing.Get("/billing-groups/{billingGroupName}/things", ListThingsInBillingGroup.Handle).Throws(ResourceNotFound);
        billing.Put("/billing-groups/removeThingFromBillingGroup", RemoveThingFromBillingGroup.Handle).Throws(ResourceNotFound).Under(OpenApiTags.Ending, 5);
        billing.Delete("/billing-groups/{billingGroupName}", DeleteBillingGroup.Handle).Throws(VersionConflict).Under(OpenApiTags.CleaningUp, 5);

        var principals = new OperationGroup(app, Api.Iot, OpenApiTags.Principals, InvalidRequest, ResourceNotFound, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        principals.Put("/things/{thingName}/principals", AttachThingPrincipal.Handle);
        principals.Get("/things/{thingName}/principals", ListThingPrincipals.Handle);
        principals.Get("/principals/things", ListPrincipalThings.Handle);
        principals.Delete("/things/{thingName}/principals", DetachThingPrincipal.Handle).Under(OpenApiTags.Ending, 6);

        var templates = new OperationGroup(app, Api.Iot, OpenApiTags.JobTemplates, InvalidRequest, Throttling, InternalFailure);
        templates.Put("/job-templates/{jobTemplateId}", CreateJobTemplate.Handle).Throws(ResourceNotFound, Conflict, LimitExceeded);
        templates.Get("/job-templates/{jobTemplateId}", DescribeJobTemplate.Handle).Throws(ResourceNotFound);
        templates.Get("/job-templates", ListJobTemplates.Handle);
        templates.Delete("/job-templates/{jobTemplateId}", DeleteJobTemplate.Handle).Throws(ResourceNotFound).Under(OpenApiTags.CleaningUp, 7);
        var managed = new OperationGroup(app, Api.Iot, OpenApiTags.JobTemplates, InvalidRequest, ResourceNotFound, Throttling, InternalServer);
        managed.Get("/managed-job-templates", ListManagedJobTemplates.Handle);
        managed.Get("/managed-job-templates/{templateName}", DescribeManagedJobTemplate.Handle);

        var jobs = new OperationGroup(app, Api.Iot, OpenApiTags.Jobs, InvalidRequest, Throttling, ServiceUnavailable);
        jobs.Put("/jobs/{jobId}", CreateJob.Handle).Throws(ResourceNotFound, ResourceAlreadyExists, LimitExceeded).Fetches<CreateJob.Request>(CreateJob.DocumentLink);
        jobs.Get("/jobs/{jobId}", DescribeJob.Handle).Throws(ResourceNotFound);
        jobs.Patch("/jobs/{jobId}", UpdateJob.Handle).Throws(ResourceNotFound);
        jobs.Get("/jobs/{jobId}/job-document", GetJobDocument.Handle).Throws(ResourceNotFound);
        jobs.Post("/jobs/{jobId}/targets", AssociateTargetsWithJob.Handle).Throws(ResourceNotFound, LimitExceeded);
        jobs.Get("/jobs", ListJobs.Handle).Throws(ResourceNotFound);
        jobs.Put("/jobs/{jobId}/cancel", CancelJob.Handle).Throws(ResourceNotFound, LimitExceeded).Under(OpenApiTags.Ending, 3);
        jobs.Delete("/jobs/{jobId}", DeleteJob.Handle).Throws(ResourceNotFound, InvalidStateTransition, LimitExceeded).Under(OpenApiTags.CleaningUp, 1);

        var executions = new OperationGroup(app, Api.Iot, OpenApiTags.JobExecutions, InvalidRequest, Throttling, ServiceUnavailable);
        executions.Get("/jobs/{jobId}/things", ListJobExecutionsForJob.Handle).Throws(ResourceNotFound);
        executions.Get("/things/{thingName}/jobs", ListJobExecutionsForThing.Handle).Throws(ResourceNotFound);
        executions.Get("/things/{thingName}/jobs/{jobId}", DescribeJobExecution.Handle).Throws(ResourceNotFound);
        executions.Put("/things/{thingName}/jobs/{jobId}/cancel", CancelJobExecution.Handle).Throws(ResourceNotFound, InvalidStateTransition, VersionConflict).Under(OpenApiTags.Ending, 1);
        executions.Delete("/things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber}", DeleteJobExecution.Handle).Throws(ResourceNotFound, InvalidStateTransition).Under(OpenApiTags.Ending, 2);

        var tags = new OperationGroup(app, Api.Iot, OpenApiTags.Tags, InvalidRequest, ResourceNotFound, Throttling, InternalFailure);
        tags.Post("/tags", TagResource.Handle).Throws(LimitExceeded);
        tags.Get("/tags", ListTagsForResource.Handle);
        tags.Post("/untag", UntagResource.Handle);

        var events = new OperationGroup(app, Api.Iot, OpenApiTags.Events, Throttling, InternalFailure);
        events.Patch("/event-configurations", UpdateEventConfigurations.Handle).Throws(InvalidRequest);
        events.Get("/event-configurations", DescribeEventConfigurations.Handle);

        var endpoint = new OperationGroup(app, Api.Iot, OpenApiTags.Endpoint, InvalidRequest, Throttling, Unauthorized, InternalFailure);
        endpoint.Get("/endpoint", DescribeEndpoint.Handle);

        var device = new OperationGroup(app, Api.IotJobsData, OpenApiTags.Device, InvalidRequest, ResourceNotFound, Throttling, ServiceUnavailable, CertificateValidation);
        device.Get("/things/{thingName}/jobs", IotJobsData.GetPendingJobExecutions.Handle);
        device.Put("/things/{thingName}/jobs/$next", IotJobsData.StartNextPendingJobExecution.Handle);
        device.Get("/things/{thingName}/jobs/{jobId}", IotJobsData.DescribeJobExecution.Handle).Throws(TerminalState);
        device.Post("/things/{thingName}/jobs/{jobId}", IotJobsData.UpdateJobExecution.Handle).Throws(InvalidStateTransition);
    }
}
