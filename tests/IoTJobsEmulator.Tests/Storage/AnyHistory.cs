using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Tests.Turns;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>Turns in three realms, each with any changes of any rows.</summary>
internal sealed class AnyHistory(int seed)
{
    private readonly AnyRows _rows = new(seed);
    private readonly Random _chance = new(seed);

    /// <summary>Takes so many turns. Completes when all are answered.</summary>
    public async Task Happen(TurnGateFixture fixture, int turns)
    {
        Realm[] realms = [fixture.Realm, fixture.Turns.RealmOf("123456789012", "eu-west-1"), fixture.Turns.RealmOf("210987654321", "us-east-1")];
        var answers = new List<Task>();
        for (var turn = 0; turn < turns; turn++)
        {
            var realm = realms[_chance.Next(realms.Length)];
            answers.Add(fixture.Turns.Take(realm, () =>
            {
                for (var changes = _chance.Next(6); changes > 0; changes--)
                    _rows.Happen(realm);
                return 0;
            }).AsTask());
            if (_chance.Next(20) == 0)
                await answers[^1];
        }
        await Task.WhenAll(answers);
    }
}
