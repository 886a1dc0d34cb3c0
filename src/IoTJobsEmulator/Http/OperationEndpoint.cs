using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http;

/// <summary>One operation over HTTP: binds and checks its arguments, takes a turn, writes the answer.</summary>
internal sealed partial class OperationEndpoint(
    OperationInvoker invoker, ArgumentBinder arguments, DocumentStore? documents, TurnGate turns, OperationRequests requests, bool takesTurn, ILogger log)
{
    private readonly Operation _operation = invoker.Operation;

    private readonly Type _answer = invoker.Operation.Handle.Method.ReturnType;

    private Func<Realm, OperationCall, CancellationToken, ValueTask>? _fetch;

    /// <summary>Declares errors of this operation beside those of its group.</summary>
    public OperationEndpoint Throws(params ServiceError[] errors)
    {
        _operation.Declare(errors);
        return this;
    }

    /// <summary>Shows the operation in Swagger UI under another tag than its group's, at a place there.</summary>
    public OperationEndpoint Under(string tag, int place)
    {
        (_operation.Tag, _operation.Place) = (tag, place);
        return this;
    }

    /// <summary>Fetches a job document from S3 for the operation, before its turn.</summary>
    /// <param name="link">Says in a turn of its own where the document lies; null when there is nothing to fetch.</param>
    /// <exception cref="InvalidOperationException">The operation has no such body, or no parameter for the document.</exception>
    public OperationEndpoint Fetches<TRequest>(Func<Realm, TRequest, string?> link) where TRequest : class, IStructure
    {
        if (invoker.PlaceOf(typeof(TRequest)) is not { } body || invoker.PlaceOf(typeof(FetchedDocument)) is not { } document)
            throw new InvalidOperationException($"{_operation.Name} needs a {typeof(TRequest)} and an {nameof(FetchedDocument)}.");
        _fetch = documents is null ? null : async (realm, call, aborted) =>
            call.Arguments[document] = await turns.Take(realm, () => link(realm, (TRequest)call.Arguments[body]!)) is { } source
                ? FetchedDocument.Read(source, await documents.Read(source, aborted))
                : null;
        return this;
    }

    /// <summary>The operation as it is checked and called.</summary>
    public OperationInvoker Invoker => invoker;

    public async Task Answer(HttpContext context)
    {
        var request = AwsRequestContext.Of(context);
        request.Operation = _operation.Name;
        var realm = request.Realm(turns, context);
        var asked = request.Asked = requests.Begin(context, _operation, realm.Tenant);
        var given = await arguments.Read(context, realm, asked);
        object? answer;
        try
        {
            var call = invoker.Prepare(given, asked);
            answer = asked.Fault is { } fault
                ? await AnswerWith(fault, call, realm, context)
                : await Run(call, realm, context);
        }
        catch (ServiceException refusal) when (asked.Fault is null && !_operation.Declares(refusal.Error))
        {
            LogUndeclared(log, _operation.Name, _operation.NameOf(refusal.Error));
            throw;
        }
        using var json = WireJson.Text(answer, _answer);
        asked.Answered(StatusCodes.Status200OK, null, json.Written);
        await WireJson.Write(context.Response, json.Written);
    }

    /// <summary>Runs a call of the emulator's own, one of many: it waits for no commit.</summary>
    /// <param name="call">What <see cref="Invoker"/> has prepared.</param>
    /// <param name="realm">The account and region.</param>
    /// <param name="commits">Gets the commit to wait for.</param>
    /// <param name="aborted">Ends the fetching of a job document.</param>
    public async ValueTask<object?> RunAhead(OperationCall call, Realm realm, PendingCommits commits, CancellationToken aborted)
    {
        if (_fetch is not null)
            await _fetch(realm, call, aborted);
        return takesTurn ? turns.TakeAhead(realm, call.Invoke, commits) : call.Invoke();
    }

    // A method of its own, so that calls without a fault pay for no closure.
    private ValueTask<object?> AnswerWith(FaultStrike fault, OperationCall call, Realm realm, HttpContext context) =>
        fault.Answer(() => Run(call, realm, context), context.RequestAborted);

    // Most operations fetch nothing and take a turn: these need no asynchronous method of their own.
    private ValueTask<object?> Run(OperationCall call, Realm realm, HttpContext context) =>
        _fetch is not null ? RunFetched(_fetch, call, realm, context.RequestAborted)
        : takesTurn ? turns.Take(realm, call.Invoke)
        : RunWithoutTurn(call);

    private async ValueTask<object?> RunFetched(
        Func<Realm, OperationCall, CancellationToken, ValueTask> fetch, OperationCall call, Realm realm, CancellationToken aborted)
    {
        await fetch(realm, call, aborted);
        return takesTurn ? await turns.Take(realm, call.Invoke) : await RunWithoutTurn(call);
    }

    private async ValueTask<object?> RunWithoutTurn(OperationCall call)
    {
        var answer = call.Invoke();
        await turns.WhenCommitted();
        return answer;
    }

    [LoggerMessage(LogLevel.Warning, "{Operation} answers {Error}, which Routes.cs does not declare")]
    private static partial void LogUndeclared(ILogger log, string operation, string error);
}
