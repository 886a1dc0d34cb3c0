using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>What forms say of an execution: the bodies of UpdateJobExecution and CancelJobExecution.</summary>
public static class DeviceUpdate
{
    /// <param name="status">The status.</param>
    /// <param name="details">A line for each detail, <c>name=value</c>; empty for none.</param>
    /// <param name="expectedVersion">As typed; what is no number is sent as text, for the API to refuse.</param>
    /// <param name="stepTimeoutInMinutes">Likewise.</param>
    public static string Json(JobExecutionStatus status, string details, string expectedVersion, string stepTimeoutInMinutes) => FormText.Members(
        ("status", JsonValue.Create(status.ToString())),
        ("statusDetails", FormText.Pairs(details)),
        ("expectedVersion", FormText.Number(expectedVersion)),
        ("stepTimeoutInMinutes", FormText.Number(stepTimeoutInMinutes))).ToJsonString();

    /// <inheritdoc cref="Json"/>
    public static string CancelJson(string details, string expectedVersion) =>
        FormText.Members(("expectedVersion", FormText.Number(expectedVersion)), ("statusDetails", FormText.Pairs(details))).ToJsonString();
}
