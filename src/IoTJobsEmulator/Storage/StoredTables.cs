using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The tables: one for each type of row, with the columns Account and Region (the broker's have none) and one for each member of the row that has a
/// setter. How a member is stored follows from its type: see <see cref="ColumnConverters"/>. <see cref="JobsDb"/> is their model in EF; they are
/// not of a type of EF, so that an emulator that runs does not load it.
/// </summary>
internal static class StoredTables
{
    /// <summary>Every table of the world, and the members that are its key within an account and region.</summary>
    public static readonly IReadOnlyList<StoredTable> OfRealms =
    [
        new StoredTable<Thing>("Things", nameof(Thing.ThingName)),
        new StoredTable<ThingGroup>("ThingGroups", nameof(ThingGroup.ThingGroupId)),
        new StoredTable<Membership>("Memberships", nameof(Membership.ThingGroupId), nameof(Membership.ThingName)) { HasSmallRows = true },
        new StoredTable<DeletedThing>("DeletedThings", nameof(DeletedThing.Ordinal)) { HasSmallRows = true },
        new StoredTable<ThingType>("ThingTypes", nameof(ThingType.ThingTypeName)),
        new StoredTable<BillingGroup>("BillingGroups", nameof(BillingGroup.BillingGroupName)),
        new StoredTable<PrincipalAttachment>("PrincipalAttachments", nameof(PrincipalAttachment.ThingName), nameof(PrincipalAttachment.Principal))
        {
            HasSmallRows = true,
        },
        new StoredTable<EventConfiguration>("EventConfigurations"),
        new StoredTable<JobTemplate>("JobTemplates", nameof(JobTemplate.JobTemplateId)),
        new StoredTable<Job>("Jobs", nameof(Job.JobId)),
        new StoredTable<JobDocument>("JobDocuments", nameof(JobDocument.JobId)),
        new StoredTable<TargetExpansion>("TargetExpansions", nameof(TargetExpansion.Ordinal)) { HasSmallRows = true },
        new StoredTable<WaitingTarget>("WaitingTargets", nameof(WaitingTarget.JobId), nameof(WaitingTarget.ThingName)) { HasSmallRows = true, IsOrdered = true },
        new StoredTable<JobExecution>("JobExecutions", nameof(JobExecution.JobId), nameof(JobExecution.ThingName), nameof(JobExecution.ExecutionNumber))
        {
            HasSmallRows = true,
            IsOrdered = true,
        },
        new StoredTable<ResourceTags>("ResourceTags", nameof(ResourceTags.ResourceArn)),
        new StoredTable<Simulator>("Simulators", nameof(Simulator.Ordinal)),
        new StoredTable<SimulatedDevice>("SimulatedDevices", nameof(SimulatedDevice.ThingName)) { HasSmallRows = true, IsOrdered = true },
    ];

    /// <summary>The tables of the MQTT broker, in no realm.</summary>
    public static readonly IReadOnlyList<StoredTable> OfTheBroker =
    [
        new StoredTable<MqttSession>("MqttSessions", nameof(MqttSession.ClientId), nameof(MqttSession.Tenant)) { IsOfRealms = false },
        new StoredTable<MqttSubscription>("MqttSubscriptions", nameof(MqttSubscription.ClientId), nameof(MqttSubscription.Tenant), nameof(MqttSubscription.Filter))
        {
            IsOfRealms = false,
            HasSmallRows = true,
        },
        new StoredTable<QueuedMessage>("QueuedMessages", nameof(QueuedMessage.ClientId), nameof(QueuedMessage.Tenant), nameof(QueuedMessage.Number))
        {
            IsOfRealms = false,
        },
        new StoredTable<RetainedMessage>("RetainedMessages", nameof(RetainedMessage.Topic), nameof(RetainedMessage.Tenant)) { IsOfRealms = false },
    ];

    public const string Account = "Account", Region = "Region", Ordinal = "Ordinal", Clock = "Clock";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<StoredTable> All = [.. OfRealms, .. OfTheBroker];

    private static readonly Dictionary<Type, StoredTable> ByRow = All.ToDictionary(table => table.RowType);

    /// <summary>The names of all tables.</summary>
    public static IEnumerable<string> TableNames => [.. All.Select(table => table.Name), Clock];

    /// <summary>The table of a type of rows.</summary>
    public static StoredTable TableOf(Type row) => ByRow[row];

    /// <summary>SQLite's application_id, which marks a file as the emulator's: "IoTJ".</summary>
    public const int ApplicationId = 0x496F544A;
}
