using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Things;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// How the rows lie in SQLite: a table per type of row, with account, region and the row's own members. What a row computes has no
/// setter, and no column. All else follows from the types: see <see cref="StoredAs"/>.
/// </summary>
internal sealed class JobsDb(SqliteConnection connection) : DbContext
{
    /// <summary>Every table, and which members are its key within an account and region. Small rows lie in the key's own tree.</summary>
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
    ];

    public const string Account = "Account", Region = "Region";

    /// <summary>Whose file it is: SQLite's application_id, "IoTJ".</summary>
    public const int ApplicationId = 0x496F544A;

    /// <summary>
    /// A number that is another whenever a table or column is: SQLite's user_version. Made from the model, so that nobody can
    /// change a row and forget it.
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
        options.UseSqlite(connection).ReplaceService<IMigrationsSqlGenerator, CreateTableStatements>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        foreach (var type in Tables.SelectMany(table => table.MemberTypes).Distinct())
            if (StoredAs.Converter(type) is { } converter)
                conventions.Properties(type).HaveConversion(converter);
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        foreach (var table in Tables)
            table.Describe(model);
        model.Entity<ClockState>(clock =>
        {
            clock.ToTable("Clock");
            clock.Property<int>("Id").ValueGeneratedNever();
            clock.HasKey("Id");
        });
    }
}
