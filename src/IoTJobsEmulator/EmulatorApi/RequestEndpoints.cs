using System.Net;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// What was asked, over HTTP and MQTT and by simulated devices: the last requests for operations of AWS in the order of their answers. A signed caller sees those of its
/// account and region, unless it names others; one that is not signed sees all.
/// </summary>
internal sealed class RequestEndpoints(RequestJournal journal, FaultCatalog catalog)
{
    private const int DefaultLimit = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public sealed record RequestsView(IReadOnlyList<RequestView> Requests);

    public sealed record CountView(int Count);

    private sealed class StatusFilterAttribute() : StringShapeAttribute(pattern: "[1-5][0-9][0-9]|[1-5]xx|errors");

    private sealed class LimitAttribute() : NumberShapeAttribute(1, 1000);

    private sealed class CountAttribute() : NumberShapeAttribute(1, 1_000_000);

    private sealed class IncludeAttribute() : StringShapeAttribute(pattern: "output");

    /// <summary>Lists the last requests that match, oldest first: 1000 are kept unless the setting journal-size says otherwise, of 32 MB at most.</summary>
    /// <param name="operation">Only for this operation.</param>
    /// <param name="account">Only in this account. A signed caller that gives neither this nor region sees its own.</param>
    /// <param name="region">Only in this region. A signed caller that gives neither this nor account sees its own.</param>
    /// <param name="thing">Only for things of this name; * stands for any characters.</param>
    /// <param name="jobId">Only for jobs of this id; * stands for any characters.</param>
    /// <param name="status">Only with this status: 200, 4xx, or errors.</param>
    /// <param name="transport">Only over HTTP, only over MQTT, or only of simulated devices.</param>
    /// <param name="after">Only with a higher number: the last one that was seen.</param>
    /// <param name="limit">How many at most; 100 when not given.</param>
    /// <param name="wait">Answers once there are as many as count says, at the latest after this: at most 5m.</param>
    /// <param name="count">How many to wait for; 1 when not given.</param>
    /// <param name="include">output: shows what was answered, too.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<RequestsView> ListRequests(
        string? operation,
        [FaultAccount] string? account,
        [FaultRegion] string? region,
        [ThingPattern] string? thing,
        [JobPattern] string? jobId,
        [StatusFilter] string? status,
        EnumText<Transport>? transport,
        long? after,
        [Limit] int? limit,
        Duration? wait,
        [Count] int? count,
        [Include] string? include,
        Tenant? caller,
        CancellationToken aborted)
    {
        var found = await Find(Filter(operation, account, region, thing, jobId, status, transport, after, caller), wait, count, aborted);
        return new([.. found.Take(limit ?? DefaultLimit).Select(request => View(request, include is not null))]);
    }

    /// <summary>Counts the requests that match.</summary>
    /// <param name="operation">Only for this operation.</param>
    /// <param name="account">Only in this account. A signed caller that gives neither this nor region sees its own.</param>
    /// <param name="region">Only in this region. A signed caller that gives neither this nor account sees its own.</param>
    /// <param name="thing">Only for things of this name; * stands for any characters.</param>
    /// <param name="jobId">Only for jobs of this id; * stands for any characters.</param>
    /// <param name="status">Only with this status: 200, 4xx, or errors.</param>
    /// <param name="transport">Only over HTTP, only over MQTT, or only of simulated devices.</param>
    /// <param name="after">Only with a higher number.</param>
    /// <param name="wait">Answers once there are as many as count says, at the latest after this: at most 5m.</param>
    /// <param name="count">How many to wait for; 1 when not given.</param>
    /// <param name="caller">The account and region of a signed request.</param>
    /// <param name="aborted">The caller has gone.</param>
    public async ValueTask<CountView> CountRequests(
        string? operation,
        [FaultAccount] string? account,
        [FaultRegion] string? region,
        [ThingPattern] string? thing,
        [JobPattern] string? jobId,
        [StatusFilter] string? status,
        EnumText<Transport>? transport,
        long? after,
        Duration? wait,
        [Count] int? count,
        Tenant? caller,
        CancellationToken aborted) =>
        new((await Find(Filter(operation, account, region, thing, jobId, status, transport, after, caller), wait, count, aborted)).Count);

    /// <summary>Forgets the requests of all accounts and regions, and tells how many they were. The next one goes on counting.</summary>
    public ValueTask<CountView> ClearRequests() => new(new CountView(journal.Clear()));

    private RequestFilter Filter(
        string? operation, string? account, string? region, string? thing, string? jobId, string? status, EnumText<Transport>? transport, long? after,
        Tenant? caller)
    {
        if (operation is not null && !catalog.Has(operation) && !ServiceOperations.Has(operation))
            throw SerializationErrors.ForValue(operation, nameof(operation), typeof(string), "the name of an operation of AWS IoT");
        var own = account is null && region is null ? caller : null;
        return new()
        {
            Operation = operation,
            Account = account ?? own?.Account,
            Region = region ?? own?.Region,
            Thing = thing,
            JobId = jobId,
            Status = status,
            Transport = transport?.Value,
            After = after,
        };
    }

    private Task<IReadOnlyList<OperationRequest>> Find(RequestFilter filter, Duration? wait, int? count, CancellationToken aborted) =>
        wait is { } given && given.Span > LongestWait
            ? throw SerializationErrors.ForValue(given.ToString(), nameof(wait), typeof(string), "at most 5m")
            : journal.Find(filter, count ?? 1, wait?.Span ?? TimeSpan.Zero, aborted);

    private static RequestView View(OperationRequest request, bool withOutput)
    {
        var (client, origin) = (request.Origin.Client, request.Origin);
        return new()
        {
            Number = request.Number,
            Time = request.At.ToString(),
            MachineTime = Moment.Of(request.AtMachine).ToString(),
            Transport = request.Transport,
            Service = request.Operation is { } operation ? FaultCatalog.ServiceOf(operation.Api) : null,
            Operation = request.OperationName,
            Target = origin.Method is null ? origin.Target : $"{origin.Method} {origin.Target}",
            Account = request.Tenant.Account,
            Region = request.Tenant.Region,
            Thing = request.ThingName,
            JobId = request.JobId,
            ClientId = request.Transport == Transport.mqtt ? client as string : null,
            Simulator = request.Transport == Transport.simulator ? client as string : null,
            RemoteAddress = (client as IPAddress)?.ToString(),
            UserAgent = origin.UserAgent,
            Status = request.Status,
            Error = request.Error,
            Milliseconds = Math.Round(request.Duration.TotalMilliseconds, 3),
            Fault = request.Fault is { } fault ? new(fault.Id, fault.Effect) : null,
            Input = request.Input,
            Output = withOutput ? RequestText.Output(request) : null,
            IsOutputCut = withOutput && request.IsOutputCut ? true : null,
        };
    }
}

/// <summary>A request in the journal.</summary>
internal sealed record RequestView
{
    /// <summary>Counts the answers to requests.</summary>
    public required long Number { get; init; }

    /// <summary>When it came, on the emulator's clock.</summary>
    public required string Time { get; init; }

    /// <summary>When it came, on the machine's clock.</summary>
    public required string MachineTime { get; init; }

    public required EnumText<Transport> Transport { get; init; }

    /// <summary>The API: iot, iot-jobs-data or iot-data. Absent, as the operation is, where the request names none.</summary>
    public string? Service { get; init; }

    public string? Operation { get; init; }

    /// <summary>The method and the path, without its query; or the topic. Absent for a simulated device.</summary>
    public string? Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public string? Thing { get; init; }

    public string? JobId { get; init; }

    /// <summary>The MQTT client.</summary>
    public string? ClientId { get; init; }

    /// <summary>The simulator that plays the device.</summary>
    public string? Simulator { get; init; }

    /// <summary>Where the HTTP request came from.</summary>
    public string? RemoteAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The status, over MQTT that which HTTP has for the answer. Absent when no answer left.</summary>
    public int? Status { get; init; }

    /// <summary>The name of the error, over MQTT its code.</summary>
    public string? Error { get; init; }

    /// <summary>How long it took, a fault's delay included.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The fault that struck.</summary>
    public StruckFault? Fault { get; init; }

    /// <summary>The arguments, by their names in the API. Absent when they could not be read.</summary>
    public JsonNode? Input { get; init; }

    /// <summary>What was answered; as text when it is cut.</summary>
    public JsonNode? Output { get; init; }

    /// <summary>Whether the output is only the beginning, 64 KB.</summary>
    public bool? IsOutputCut { get; init; }

    /// <param name="Id">The id of the fault.</param>
    /// <param name="Effect">What it did.</param>
    public sealed record StruckFault(long Id, string Effect);
}
