using System.CommandLine;
using System.Globalization;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>clock</c>: shows the emulator's clock, advances it, freezes it, sets it, lets it run.</summary>
internal static class ClockCommand
{
    public static Command Create()
    {
        var by = new Argument<TimeSpan>("BY")
        {
            Description = "How far: 500ms, 90s, 15m, 24h, 7d, or a number of seconds.",
            CustomParser = Values.Duration,
        };
        var at = new Argument<DateTimeOffset?>("MOMENT")
        {
            Description = "Where it is to stand, such as 2026-01-01T00:00:00Z; where it is when not given.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = Values.Moment,
        };
        var moment = new Argument<DateTimeOffset?>("MOMENT")
        {
            Description = "Where it is to go on from, such as 2026-01-01T00:00:00Z.",
            CustomParser = Values.Moment,
        };
        var show = Subcommand("clock", "Shows the emulator's clock.", (clock, _, cancelled) => clock.GetAsync(cancelled));
        show.Add(Subcommand(
            "advance", "Advances it, frozen or not. All that falls due on the way is done first.",
            (clock, parsed, cancelled) => clock.AdvanceAsync(parsed.GetValue(by), cancelled), by));
        show.Add(Subcommand(
            "freeze", "Has it stand still.",
            (clock, parsed, cancelled) => parsed.GetValue(at) is { } now ? clock.FreezeAsync(now, cancelled) : clock.FreezeAsync(cancelled), at));
        show.Add(Subcommand("run", "Lets a frozen one run on.", (clock, _, cancelled) => clock.RunAsync(cancelled)));
        show.Add(Subcommand(
            "set", "Sets it. It stays frozen if it was.",
            (clock, parsed, cancelled) => clock.SetAsync(parsed.GetValue(moment)!.Value, cancelled), moment));
        return show;
    }

    private static Command Subcommand(
        string name, string description, Func<ClockClient, ParseResult, CancellationToken, Task<ClockState>> act, params Argument[] arguments)
    {
        var command = new Command(name, description);
        Array.ForEach(arguments, command.Add);
        var emulator = EmulatorOption.AddTo(command);
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            var state = await act(client.Clock, parsed, cancelled);
            var now = state.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            Console.WriteLine(state.Frozen ? now + " frozen" : now);
        });
        return command;
    }
}
