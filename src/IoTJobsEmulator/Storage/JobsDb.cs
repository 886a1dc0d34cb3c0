using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.Things;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The EF model, of which the stored schema is made (<see cref="StoredSchema"/>); no emulator builds it. A table for each type of row, with the columns Account and Region (the broker's have none) and one for each member of the row that has a
/// setter. How a member is stored follows from its type: see <see cref="ValueConverters"/>.
/// </summary>
internal sealed class JobsDb(SqliteConnection connection) : DbContext
{
    /// <summary>Every table of the world, and the members that are its key within an account and region.</summary>
    public static readonly IReadOnlyList<StoredTable> Tables =
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
        new StoredTable<WaitingTarget>("WaitingTargets", nameof(WaitingTarget.JobId), nameof(WaitingTarget.ThingName)) { HasSmallRows = true },
        new StoredTable<JobExecution>("JobExecutions", nameof(JobExecution.JobId), nameof(JobExecution.ThingName), nameof(JobExecution.ExecutionNumber))
        {
            HasSmallRows = true,
        },
        new StoredTable<ResourceTags>("ResourceTags", nameof(ResourceTags.ResourceArn)),
        new StoredTable<Simulator>("Simulators", nameof(Simulator.Ordinal)),
        new StoredTable<SimulatedDevice>("SimulatedDevices", nameof(SimulatedDevice.ThingName)) { HasSmallRows = true },
    ];

    /// <summary>The tables of the MQTT broker, in no realm.</summary>
    public static readonly IReadOnlyList<StoredTable> BrokerTables =
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

    public const string Account = "Account", Region = "Region", Clock = "Clock";

    private static readonly Dictionary<Type, StoredTable> ByRow = Tables.Concat(BrokerTables).ToDictionary(table => table.RowType);

    /// <summary>The names of all tables.</summary>
    public static IEnumerable<string> TableNames => [.. Tables.Concat(BrokerTables).Select(table => table.Name), Clock];

    /// <summary>The table of a type of rows.</summary>
    public static StoredTable TableOf(Type row) => ByRow[row];

    /// <summary>SQLite's application_id, which marks a file as the emulator's: "IoTJ".</summary>
    public const int ApplicationId = 0x496F544A;

    /// <summary>
    /// SQLite's user_version. It is a hash of the tables and columns of the model, so it changes with them without anybody's doing.
    /// </summary>
    public int SchemaVersion
    {
        get
        {
            var columns =
                from type in Model.GetEntityTypes()
                from property in type.GetProperties()
                let line = $"{type.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()} {property.IsNullable} {property.IsPrimaryKey()}"
                orderby line
                select line;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', columns.Order(StringComparer.Ordinal))));
            return (BitConverter.ToInt32(hash) & 0x7FFF_FFFF) | 1;
        }
    }

    protected override void OnConfiguring(DbContextOptionsBuilder options) =>
        options.UseSqlite(connection).ReplaceService<IMigrationsSqlGenerator, TableSqlGenerator>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        foreach (var type in Tables.Concat(BrokerTables).SelectMany(table => table.MemberTypes).Distinct())
            if (ValueConverters.For(type) is { } converter)
                conventions.Properties(type).HaveConversion(converter);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var table in Tables.Concat(BrokerTables))
            table.Configure(model);
        model.Entity<ClockState>(clock =>
        {
            clock.ToTable(Clock);
            clock.Property<int>("Id").ValueGeneratedNever();
            clock.HasKey("Id");
        });
    }
}
