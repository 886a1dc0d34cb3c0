using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>
/// Calls operations for simulated devices, as HTTP and MQTT do for real ones: arguments are checked, faults strike, and the journal keeps the request
/// once the turn is committed. Without faults, journal and counting it only calls.
/// </summary>
internal sealed class SimulatedRequests(OperationRequests requests)
{
    private const int Accepted = 200;

    /// <summary>About how much memory a request keeps; texts of its arguments are those of the simulator.</summary>
    private const int Bytes = 300;

    private readonly Dictionary<Delegate, OperationInvoker> _invokers =
        SimulatedClient.Operations.ToDictionary(handle => handle, handle => new OperationInvoker(Operation.Of(handle, Api.IotJobsData, [])));

    /// <inheritdoc cref="SimulatedCall"/>
    /// <exception cref="ServiceException">The call is refused, by the operation or by a fault, or its answer is lost: ServiceUnavailable.</exception>
    public object Call(SimulatedCaller caller, Delegate operation, object?[] arguments)
    {
        var invoker = _invokers[operation];
        if (!requests.Journal.IsOn && !requests.Faults.Any && !requests.IsCounted())
            return Invoke(caller, invoker.Prepare(arguments));
        var realm = caller.Realm;
        var asked = requests.BeginSimulated(realm.Tenant, caller.Simulator, Bytes, invoker.Operation, realm.Now);
        try
        {
            var answer = Invoke(caller, invoker.Prepare(arguments, asked));
            if (asked.Fault is { LosesAnswer: true })
                throw new AnswerLostException();
            realm.AfterCommit(() =>
            {
                using var json = WireJson.Text(answer, answer.GetType());
                asked.Answered(Accepted, null, json.Written);
            });
            return answer;
        }
        catch (ServiceException refusal)
        {
            var (status, name) = (Api.IotJobsData.StatusOf(refusal.Error), Api.IotJobsData.NameOf(refusal.Error));
            realm.AfterCommit(() => asked.Answered(status, name, WireJson.Bytes(new JsonObject { ["message"] = refusal.Message })));
            throw;
        }
        catch (AnswerLostException)
        {
            realm.AfterCommit(asked.Lost);
            throw ServiceError.ServiceUnavailable.Because("No answer came.");
        }
    }

    /// <summary>An operation that throws is undone, so that the rest of the turn can go on.</summary>
    private static object Invoke(SimulatedCaller caller, OperationCall call)
    {
        var changes = caller.Realm.Changes.Count;
        try
        {
            return call.Invoke()!;
        }
        catch
        {
            caller.Realm.UndoTo(changes);
            throw;
        }
    }
}
