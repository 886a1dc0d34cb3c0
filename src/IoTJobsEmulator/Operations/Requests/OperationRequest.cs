using System.Diagnostics;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>
/// A request for an operation, from its arrival to its answer: the faults are asked for it, and the journal keeps it. It only refers to
/// what is there anyway, the arguments, and has a copy of the answer. What is shown of it is made when somebody looks; but what has secrets in it
/// is kept without them.
/// </summary>
/// <param name="owner">Where it was begun.</param>
/// <param name="transport">How it came.</param>
/// <param name="tenant">The account and region that it is for.</param>
/// <param name="origin">Who asks.</param>
/// <param name="bytes">Its length, for the bound of the journal's memory.</param>
internal sealed class OperationRequest(OperationRequests owner, Transport transport, Tenant tenant, RequestOrigin origin, long bytes)
{
    private readonly long _begun = owner.Machine.GetTimestamp();
    private int _isAnswered;
    private object?[]? _arguments;
    private CutInput? _cut;

    public Transport Transport => transport;

    public Tenant Tenant => tenant;

    public RequestOrigin Origin => origin;

    /// <summary>When it came, on the emulator's clock and on the machine's.</summary>
    public Moment At { get; init; } = owner.Journal.IsOn ? owner.Journal.Now : default;

    public DateTimeOffset AtMachine { get; } = owner.Journal.IsOn ? owner.Machine.GetUtcNow() : default;

    /// <summary>The operation; null when it cannot be told, or is one that the emulator does not have.</summary>
    public Operation? Operation { get; set; }

    /// <summary>The name of an operation of AWS that the emulator does not have.</summary>
    public string? MissingOperation { get; init; }

    /// <summary>What strikes it; null for nothing.</summary>
    public FaultStrike? Fault { get; private set; }

    /// <summary>The status of the answer, over MQTT that which HTTP has for it; null when no answer left.</summary>
    public int? Status { get; private set; }

    /// <summary>The name of the error that was answered, over MQTT its code.</summary>
    public string? Error { get; private set; }

    /// <summary>The body of the answer; its beginning when it is long. None before it is answered.</summary>
    public KeptOutput Output { get; set; }

    public bool IsOutputCut { get; private set; }

    public TimeSpan Duration { get; private set; }

    /// <summary>A span that ends with it; null when it has none of its own.</summary>
    public Activity? Span { get; set; }

    /// <summary>Its place in the journal, from 1; 0 before it is answered.</summary>
    public long Number { get; set; }

    /// <summary>About how much memory it keeps.</summary>
    public long Bytes => bytes + Output.Length;

    public string? OperationName => Operation?.Name ?? MissingOperation;

    public string? ThingName => _cut is { } cut ? cut.ThingName : _arguments is { } given ? Operation?.ThingIn(given) : null;

    public string? JobId => _cut is { } cut ? cut.JobId : _arguments is { } given ? Operation?.JobIn(given) : null;

    /// <summary>The arguments by their names in the API; null when they could not be read.</summary>
    public JsonNode? Input => _cut is { } cut
        ? JsonNode.Parse(cut.Json)
        : _arguments is { } given && Operation is { } operation ? RequestText.Input(operation, given) : null;

    /// <summary>Whether the body has to be searched for secrets. Who has read its bytes knows whether they have the sign of one.</summary>
    public bool MayHaveSecretsInBody { get; set; } = true;

    public void HasArguments(object?[] arguments) => _arguments = arguments;

    /// <summary>Asks the faults. Called once, when the arguments are known to be right.</summary>
    public FaultStrike? Strike(Operation operation, object?[] arguments) => Fault = owner.Faults.Any
        ? owner.Faults.Strike(new(operation.Api, operation.Name), new(tenant, operation.ThingIn(arguments), operation.JobIn(arguments), transport))
        : null;

    /// <summary>It was answered. Called before the answer leaves, so that who has the answer finds the request in the journal.</summary>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="error">The name of the error; null for none.</param>
    /// <param name="output">The body.</param>
    public void Answered(int status, string? error, ReadOnlyMemory<byte> output) => End(status, error, output);

    /// <summary>No answer leaves: a fault has lost it, or the caller has gone.</summary>
    public void Lost() => End(null, null, default);

    /// <summary>Only the first end counts.</summary>
    private void End(int? status, string? error, ReadOnlyMemory<byte> output)
    {
        var isCounted = owner.IsCounted();
        if ((!owner.Journal.IsOn && !isCounted && Span is null) || Interlocked.Exchange(ref _isAnswered, 1) != 0)
            return;
        (Status, Error, Duration) = (status, error, owner.Machine.GetElapsedTime(_begun));
        if (isCounted)
            owner.Count(this);
        if (Span is not null)
            EndSpan(Span);
        if (!owner.Journal.IsOn)
            return;
        IsOutputCut = output.Length > RequestJournal.MaxOutputBytes;
        origin = origin with { Target = Cut(origin.Target), UserAgent = Cut(origin.UserAgent) };
        KeepArguments();
        owner.Journal.Add(this, Secrets.Cut(IsOutputCut ? output[..RequestJournal.MaxOutputBytes] : output));
    }

    /// <summary>Whatever span is current on this thread stays so: the answer may leave with the answers of others.</summary>
    private void EndSpan(Activity span)
    {
        if (OperationName is { } name)
            span.DisplayName = name;
        span.SetTag("error.type", Error);
        var current = Activity.Current;
        span.Stop();
        if (current != span)
            Activity.Current = current;
    }

    /// <summary>Keeps of the arguments what is shown, and that without secrets. The operation has ended and needs none of them.</summary>
    private void KeepArguments()
    {
        if (_arguments is not { } given || Operation is not { } operation)
            return;
        var hasSecrets = false;
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = given[i] switch
            {
                string text => Secrets.CutAlsoInBase64(text),
                ReadOnlyMemory<byte> bytes => Secrets.Cut(bytes),
                var other => RequestText.IsShown(other) ? other : null, // neither the realm nor a fetched document
            };
            hasSecrets |= (given[i] is IEnumText || (given[i] is IStructure && MayHaveSecretsInBody)) && Secrets.AreIn(given[i]);
        }
        if (!hasSecrets)
            return;
        _cut = new(
            Secrets.Cut(RequestText.Input(operation, given).ToJsonString(WireJson.Options)), Cut(operation.ThingIn(given)), Cut(operation.JobIn(given)));
        _arguments = null;
    }

    private static string? Cut(string? text) => text is null ? null : Secrets.Cut(text);

    /// <summary>The arguments of a request that had secrets in them.</summary>
    private sealed record CutInput(string Json, string? ThingName, string? JobId);
}

/// <summary>Who asks, and by which words. Headers that carry credentials and the query, which may carry a signature, are not kept.</summary>
/// <param name="Client">The id of an MQTT client, the name of a simulator; the address of any other.</param>
/// <param name="UserAgent">What an HTTP client says of itself.</param>
/// <param name="Method">The method of HTTP; null for any other.</param>
/// <param name="Target">The path, or the topic; null for simulated devices.</param>
internal readonly record struct RequestOrigin(object? Client, string? UserAgent, string? Method, string? Target);
