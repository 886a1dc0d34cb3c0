using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Turns;

// Answers that go the way of announcements, because whoever asked hears both over one line.
public sealed partial class TurnGate
{
    /// <summary>
    /// Takes a turn whose answer is told when it is committed, and before what the same turn announces. What throws leaves no trace.
    /// Completes when the next turn may be taken.
    /// </summary>
    /// <param name="realm">Where.</param>
    /// <param name="turn">Answers, or throws.</param>
    /// <param name="refusal">The answer instead of what was thrown; called within the turn, or when it could not be committed.</param>
    /// <param name="tell">Sends the answer.</param>
    public ValueTask TakeAndTell<T>(Realm realm, Func<T> turn, Func<Exception, T> refusal, Action<T> tell)
    {
        _gate.Enter();
        try
        {
            _world.Now = _clock.Now;
            try
            {
                var answer = turn();
                HandIn(realm, before: committed => TellAnswer(committed, answer));
            }
            catch (Exception exception)
            {
                realm.Undo();
                TellAnswer(_journal.Written, refusal(exception));
            }
        }
        finally
        {
            _gate.Leave();
        }
        _told.Tell();
        return new(_told.Caught);

        void TellAnswer(Task<bool> committed, T answer) => _told.AddAnswer(
            _journal.IsKept ? committed : Task.FromResult(true),
            () => tell(answer),
            () => tell(refusal(ServiceError.ServiceUnavailable.Because("The database could not be written. Nothing has changed."))));
    }
}
