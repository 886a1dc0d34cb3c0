using System.Runtime.ExceptionServices;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Operations.Faults;

/// <summary>What a rule does to one call, one notification or one event.</summary>
internal sealed class FaultStrike(FaultRule rule, FaultDelays delays)
{
    public long Id => rule.Id;

    /// <summary>What it does, in a few words.</summary>
    public string Effect => string.Join(", ", ((string?[])
    [
        rule.Error is { } error ? $"error {error.Name}" : null,
        rule.Delay > TimeSpan.Zero ? $"delay {rule.Definition.Delay}" : null,
        rule.Drop is { } drop ? $"drop {drop}" : null,
        rule.Duplicates ? "duplicate" : null,
    ]).OfType<string>());

    /// <summary>Whether the operation runs, and its answer is lost.</summary>
    public bool LosesAnswer => rule.Drop is FaultDrop.after;

    /// <summary>Comes before the operation: an error, or a request that is lost, keeps it from running.</summary>
    /// <exception cref="ServiceException">The error of the rule.</exception>
    /// <exception cref="AnswerLostException">The request is lost.</exception>
    public void BeforeTheOperation()
    {
        if (rule.Error is { } error)
            throw error.Because(rule.Definition.Error!.Message ?? (error == ServiceError.Throttling ? "Rate exceeded" : $"This is the fault {rule.Id}"));
        if (rule.Drop is FaultDrop.before)
            throw new AnswerLostException();
    }

    /// <summary>Answers for an operation to a caller that waits for it alone.</summary>
    /// <param name="run">Runs the operation, to its commit.</param>
    /// <param name="aborted">The caller has gone.</param>
    /// <exception cref="AnswerLostException">The answer is lost.</exception>
    public async ValueTask<object?> Answer(Func<ValueTask<object?>> run, CancellationToken aborted)
    {
        ExceptionDispatchInfo? refusal = null;
        object? answer = null;
        try
        {
            BeforeTheOperation();
            answer = await run();
        }
        catch (Exception exception) when (exception is ServiceException or AnswerLostException)
        {
            refusal = ExceptionDispatchInfo.Capture(exception);
        }
        await delays.Wait(rule.Delay, aborted);
        if (LosesAnswer)
            throw new AnswerLostException();
        refusal?.Throw();
        return answer;
    }

    /// <summary>Sends a message: late, twice, or not at all.</summary>
    /// <param name="send">Sends it once.</param>
    /// <param name="lose">Called instead when it is lost.</param>
    public void Send(Action send, Action? lose = null) => delays.Send(rule.Delay, () =>
    {
        if (rule.Drop is not null)
        {
            lose?.Invoke();
            return;
        }
        send();
        if (rule.Duplicates)
            send();
    });
}

/// <summary>A fault loses the answer: the caller hears nothing. Over HTTP its connection is reset.</summary>
internal sealed class AnswerLostException() : Exception("A fault loses the answer.");
