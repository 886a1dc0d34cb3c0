using IoTJobsEmulator.Core.Operations.Endpoint;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.ServiceError;
using DataPlane = IoTJobsEmulator.Core.Operations.DataPlane;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The API on one page: method, path, operation, and the errors that it declares beside those of its group. Operations stand in
/// the order in which one would try them out, what deletes last.
/// </summary>
internal static class Routes
{
    public static void MapOperations(this IEndpointRouteBuilder app)
    {
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

        var endpoint = new OperationGroup(app, Plane.Control, "Endpoint", InvalidRequest, Throttling, Unauthorized, InternalFailure);
        endpoint.Get("/endpoint", DescribeEndpoint.Handle);

        // What ends a job, and then everything: last, so that the examples in the documents work one after the other.
        const string Ending = "Ending a job", Cleaning = "Cleaning up";
        executions.Put("/things/{thingName}/jobs/{jobId}/cancel", CancelJobExecution.Handle, Ending).Throws(ResourceNotFound, InvalidStateTransition, VersionConflict);
        executions.Delete("/things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber}", DeleteJobExecution.Handle, Ending).Throws(ResourceNotFound, InvalidStateTransition);
        jobs.Put("/jobs/{jobId}/cancel", CancelJob.Handle, Ending).Throws(ResourceNotFound, LimitExceeded);
        jobs.Delete("/jobs/{jobId}", DeleteJob.Handle, Cleaning).Throws(ResourceNotFound, InvalidStateTransition, LimitExceeded);
        groups.Put("/thing-groups/removeThingFromThingGroup", RemoveThingFromThingGroup.Handle, Ending).Throws(ResourceNotFound);
        groups.Delete("/thing-groups/{thingGroupName}", DeleteThingGroup.Handle, Cleaning).Throws(VersionConflict);
        things.Delete("/things/{thingName}", DeleteThing.Handle, Cleaning).Throws(ResourceNotFound, VersionConflict);

        var device = new OperationGroup(app, Plane.Data, "Device", InvalidRequest, ResourceNotFound, Throttling, ServiceUnavailable, CertificateValidation);
        device.Get("/things/{thingName}/jobs", DataPlane.GetPendingJobExecutions.Handle);
        device.Put("/things/{thingName}/jobs/$next", DataPlane.StartNextPendingJobExecution.Handle);
        device.Get("/things/{thingName}/jobs/{jobId}", DataPlane.DescribeJobExecution.Handle).Throws(TerminalState);
        device.Post("/things/{thingName}/jobs/{jobId}", DataPlane.UpdateJobExecution.Handle).Throws(InvalidStateTransition);
    }
}
