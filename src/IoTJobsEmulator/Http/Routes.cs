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
using static IoTJobsEmulator.Core.ServiceError;
using IotJobsData = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The API on one page: method, path, operation, and the errors that it declares beside those of its group. Operations stand in
/// the order in which one would try them out, what deletes last.
/// </summary>
internal static class Routes
{
    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        var types = new OperationGroup(app, Plane.Control, "Thing types", InvalidRequest, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        types.Post("/thing-types/{thingTypeName}", CreateThingType.Handle).Throws(ResourceAlreadyExists);
        types.Get("/thing-types/{thingTypeName}", DescribeThingType.Handle).Throws(ResourceNotFound);
        types.Patch("/thing-types/{thingTypeName}", UpdateThingType.Handle).Throws(ResourceNotFound);
        types.Get("/thing-types", ListThingTypes.Handle);

        var things = new OperationGroup(app, Plane.Control, "Things", InvalidRequest, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        things.Post("/things/{thingName}", CreateThing.Handle).Throws(ResourceNotFound, ResourceAlreadyExists);
        things.Get("/things/{thingName}", DescribeThing.Handle).Throws(ResourceNotFound);
        things.Patch("/things/{thingName}", UpdateThing.Handle).Throws(ResourceNotFound, VersionConflict);
        things.Get("/things", ListThings.Handle);

        var groups = new OperationGroup(app, Plane.Control, "Thing groups", InvalidRequest, Throttling, InternalFailure);
        groups.Post("/thing-groups/{thingGroupName}", CreateThingGroup.Handle).Throws(ResourceNotFound, ResourceAlreadyExists); // the first is not in the model: an unknown parent
        groups.Get("/thing-groups/{thingGroupName}", DescribeThingGroup.Handle).Throws(ResourceNotFound);
        groups.Patch("/thing-groups/{thingGroupName}", UpdateThingGroup.Handle).Throws(ResourceNotFound, VersionConflict);
        groups.Get("/thing-groups", ListThingGroups.Handle).Throws(ResourceNotFound);
        groups.Put("/thing-groups/addThingToThingGroup", AddThingToThingGroup.Handle).Throws(ResourceNotFound);
        groups.Put("/thing-groups/updateThingGroupsForThing", UpdateThingGroupsForThing.Handle).Throws(ResourceNotFound);
        groups.Get("/thing-groups/{thingGroupName}/things", ListThingsInThingGroup.Handle).Throws(ResourceNotFound);
        groups.Get("/things/{thingName}/thing-groups", ListThingGroupsForThing.Handle).Throws(ResourceNotFound);

        var dynamicGroups = new OperationGroup(app, Plane.Control, "Dynamic thing groups", InvalidRequest, Throttling, InternalFailure);
        dynamicGroups.Post("/dynamic-thing-groups/{thingGroupName}", CreateDynamicThingGroup.Handle).Throws(ResourceNotFound, ResourceAlreadyExists, InvalidQuery, LimitExceeded);
        dynamicGroups.Patch("/dynamic-thing-groups/{thingGroupName}", UpdateDynamicThingGroup.Handle).Throws(ResourceNotFound, VersionConflict, InvalidQuery);

        var billing = new OperationGroup(app, Plane.Control, "Billing groups", InvalidRequest, Throttling, InternalFailure);
        billing.Post("/billing-groups/{billingGroupName}", CreateBillingGroup.Handle).Throws(ResourceAlreadyExists);
        billing.Get("/billing-groups/{billingGroupName}", DescribeBillingGroup.Handle).Throws(ResourceNotFound);
        billing.Patch("/billing-groups/{billingGroupName}", UpdateBillingGroup.Handle).Throws(ResourceNotFound, VersionConflict);
        billing.Get("/billing-groups", ListBillingGroups.Handle).Throws(ResourceNotFound);
        billing.Put("/billing-groups/addThingToBillingGroup", AddThingToBillingGroup.Handle).Throws(ResourceNotFound);
        billing.Get("/billing-groups/{billingGroupName}/things", ListThingsInBillingGroup.Handle).Throws(ResourceNotFound);

        var principals = new OperationGroup(app, Plane.Control, "Principals", InvalidRequest, ResourceNotFound, Throttling, Unauthorized, ServiceUnavailable, InternalFailure);
        principals.Put("/things/{thingName}/principals", AttachThingPrincipal.Handle);
        principals.Get("/things/{thingName}/principals", ListThingPrincipals.Handle);
        principals.Get("/principals/things", ListPrincipalThings.Handle);

        var templates = new OperationGroup(app, Plane.Control, "Job templates", InvalidRequest, Throttling, InternalFailure);
        templates.Put("/job-templates/{jobTemplateId}", CreateJobTemplate.Handle).Throws(ResourceNotFound, Conflict, LimitExceeded);
        templates.Get("/job-templates/{jobTemplateId}", DescribeJobTemplate.Handle).Throws(ResourceNotFound);
        templates.Get("/job-templates", ListJobTemplates.Handle);
        var managed = new OperationGroup(app, Plane.Control, "Job templates", InvalidRequest, ResourceNotFound, Throttling, InternalServer);
        managed.Get("/managed-job-templates", ListManagedJobTemplates.Handle);
        managed.Get("/managed-job-templates/{templateName}", DescribeManagedJobTemplate.Handle);

        var jobs = new OperationGroup(app, Plane.Control, "Jobs", InvalidRequest, Throttling, ServiceUnavailable);
        jobs.Put("/jobs/{jobId}", CreateJob.Handle).Throws(ResourceNotFound, ResourceAlreadyExists, LimitExceeded);
        jobs.Get("/jobs/{jobId}", DescribeJob.Handle).Throws(ResourceNotFound);
        jobs.Patch("/jobs/{jobId}", UpdateJob.Handle).Throws(ResourceNotFound);
        jobs.Get("/jobs/{jobId}/job-document", GetJobDocument.Handle).Throws(ResourceNotFound);
        jobs.Post("/jobs/{jobId}/targets", AssociateTargetsWithJob.Handle).Throws(ResourceNotFound, LimitExceeded);
        jobs.Get("/jobs", ListJobs.Handle).Throws(ResourceNotFound);

        var executions = new OperationGroup(app, Plane.Control, "Job executions", InvalidRequest, Throttling, ServiceUnavailable);
        executions.Get("/jobs/{jobId}/things", ListJobExecutionsForJob.Handle).Throws(ResourceNotFound);
        executions.Get("/things/{thingName}/jobs", ListJobExecutionsForThing.Handle).Throws(ResourceNotFound);
        executions.Get("/things/{thingName}/jobs/{jobId}", DescribeJobExecution.Handle).Throws(ResourceNotFound);

        var tags = new OperationGroup(app, Plane.Control, "Tags", InvalidRequest, ResourceNotFound, Throttling, InternalFailure);
        tags.Post("/tags", TagResource.Handle).Throws(LimitExceeded);
        tags.Get("/tags", ListTagsForResource.Handle);
        tags.Post("/untag", UntagResource.Handle);

        var events = new OperationGroup(app, Plane.Control, "Events", Throttling, InternalFailure);
        events.Patch("/event-configurations", UpdateEventConfigurations.Handle).Throws(InvalidRequest);
        events.Get("/event-configurations", DescribeEventConfigurations.Handle);

        var endpoint = new OperationGroup(app, Plane.Control, "Endpoint", InvalidRequest, Throttling, Unauthorized, InternalFailure);
        endpoint.Get("/endpoint", DescribeEndpoint.Handle);

        // What ends a job, and then everything: last, so that the examples in the documents work one after the other.
        const string Ending = "Ending", Cleaning = "Cleaning up";
        executions.Put("/things/{thingName}/jobs/{jobId}/cancel", CancelJobExecution.Handle, Ending).Throws(ResourceNotFound, InvalidStateTransition, VersionConflict);
        executions.Delete("/things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber}", DeleteJobExecution.Handle, Ending).Throws(ResourceNotFound, InvalidStateTransition);
        jobs.Put("/jobs/{jobId}/cancel", CancelJob.Handle, Ending).Throws(ResourceNotFound, LimitExceeded);
        jobs.Delete("/jobs/{jobId}", DeleteJob.Handle, Cleaning).Throws(ResourceNotFound, InvalidStateTransition, LimitExceeded);
        groups.Put("/thing-groups/removeThingFromThingGroup", RemoveThingFromThingGroup.Handle, Ending).Throws(ResourceNotFound);
        billing.Put("/billing-groups/removeThingFromBillingGroup", RemoveThingFromBillingGroup.Handle, Ending).Throws(ResourceNotFound);
        principals.Delete("/things/{thingName}/principals", DetachThingPrincipal.Handle, Ending);
        types.Post("/thing-types/{thingTypeName}/deprecate", DeprecateThingType.Handle, Ending).Throws(ResourceNotFound);
        dynamicGroups.Delete("/dynamic-thing-groups/{thingGroupName}", DeleteDynamicThingGroup.Handle, Cleaning).Throws(VersionConflict);
        groups.Delete("/thing-groups/{thingGroupName}", DeleteThingGroup.Handle, Cleaning).Throws(VersionConflict);
        things.Delete("/things/{thingName}", DeleteThing.Handle, Cleaning).Throws(ResourceNotFound, VersionConflict);
        billing.Delete("/billing-groups/{billingGroupName}", DeleteBillingGroup.Handle, Cleaning).Throws(VersionConflict);
        types.Delete("/thing-types/{thingTypeName}", DeleteThingType.Handle, Cleaning).Throws(ResourceNotFound);
        templates.Delete("/job-templates/{jobTemplateId}", DeleteJobTemplate.Handle, Cleaning).Throws(ResourceNotFound);

        var device = new OperationGroup(app, Plane.Data, "Device", InvalidRequest, ResourceNotFound, Throttling, ServiceUnavailable, CertificateValidation);
        device.Get("/things/{thingName}/jobs", IotJobsData.GetPendingJobExecutions.Handle);
        device.Put("/things/{thingName}/jobs/$next", IotJobsData.StartNextPendingJobExecution.Handle);
        device.Get("/things/{thingName}/jobs/{jobId}", IotJobsData.DescribeJobExecution.Handle).Throws(TerminalState);
        device.Post("/things/{thingName}/jobs/{jobId}", IotJobsData.UpdateJobExecution.Handle).Throws(InvalidStateTransition);
    }
}
