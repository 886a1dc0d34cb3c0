using System.Globalization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole;

/// <summary>The addresses of the console's pages, relative to its own: <c>ACCOUNT/REGION/jobs/JOB</c>. Each can be kept, sent and opened again.</summary>
public static class ConsoleAddress
{
    public const string Jobs = "jobs", CreateJob = "create-job", Things = "things", Clock = "clock", Requests = "requests", Messages = "messages", Events = "events",
        Faults = "faults", Simulators = "simulators", Snapshots = "snapshots", Seeds = "seeds";

    /// <summary>The account and region that an address names; null when it names none.</summary>
    /// <param name="relative">The address, relative to the console's.</param>
    public static Tenant? TenantIn(string relative) =>
        relative.Split('?', '#')[0].Split('/') is [var account, var region, ..] && Arn.IsAccount(account) && region.Length > 0
            ? new(account, Uri.UnescapeDataString(region))
            : null;

    public static string Overview(Tenant tenant) => $"{tenant.Account}/{Uri.EscapeDataString(tenant.Region)}";

    public static string Section(Tenant tenant, string section) => $"{Overview(tenant)}/{section}";

    public static string Job(Tenant tenant, string jobId) => $"{Section(tenant, Jobs)}/{Uri.EscapeDataString(jobId)}";

    /// <summary>A job's page with one of its executions open.</summary>
    public static string Execution(Tenant tenant, JobExecution execution) => string.Create(
        CultureInfo.InvariantCulture, $"{Job(tenant, execution.JobId)}?thing={Uri.EscapeDataString(execution.ThingName)}&execution={execution.ExecutionNumber}");

    public static string Thing(Tenant tenant, string thingName) => $"{Section(tenant, Things)}/{Uri.EscapeDataString(thingName)}";

    /// <summary>An address of the same section for another account and region: what one has, such as a job, the other need not have.</summary>
    public static string InTenant(string relative, Tenant tenant) =>
        TenantIn(relative) is not null && relative.Split('?', '#')[0].Split('/') is [_, _, var section, ..] && section != CreateJob
            ? Section(tenant, section)
            : Overview(tenant);
}
