using System.Globalization;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Http.OpenApi;

/// <summary>
/// The tags under which Swagger UI shows the operations, in its order. The examples work one after the other from the top, so that what
/// ends a job and what deletes a resource comes last.
/// </summary>
internal static class OpenApiTags
{
    public const string
        ThingTypes = "Thing types",
        Things = "Things",
        ThingGroups = "Thing groups",
        DynamicThingGroups = "Dynamic thing groups",
        BillingGroups = "Billing groups",
        Principals = "Principals",
        JobTemplates = "Job templates",
        Jobs = "Jobs",
        JobExecutions = "Job executions",
        Tags = "Tags",
        Events = "Events",
        Endpoint = "Endpoint",
        Ending = "Ending",
        CleaningUp = "Cleaning up",
        Device = "Device",
        Messages = "Messages",
        Emulator = "Emulator",
        Devices = "Devices",
        Faults = "Faults",
        Requests = "Requests",
        Seeds = "Seeds",
        Changes = "Changes",
        Snapshots = "Snapshots",
        Simulators = "Simulators";

    private static readonly string[] InOrder =
    [
        ThingTypes, Things, ThingGroups, DynamicThingGroups, BillingGroups, Principals, JobTemplates, Jobs, JobExecutions, Tags, Events, Endpoint,
        Ending,
        Device,
        Messages,
        Emulator, Devices, Faults, Requests, Changes, Simulators, Seeds, Snapshots,
        CleaningUp,
    ];

    /// <summary>Operations are sorted by their tag, then by their place in it, then as they were mapped.</summary>
    public static string SortKey(Operation operation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Array.IndexOf(InOrder, operation.Tag):D2}{operation.Place:D2}");
}
