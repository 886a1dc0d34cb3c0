using System.CommandLine;
using System.Globalization;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>simulate THINGS</c>: has the emulator play devices; <c>simulate list</c> and <c>simulate stop NAME</c>.</summary>
internal static class SimulateCommand
{
    private const string Whose = "The account that the things are in; that of the emulator's settings when not given.";

    public static Command Create()
    {
        var things = new Argument<string>("THINGS") { Description = "Names of things that are played; * stands for any characters, as in \"pump-*\"." };
        var name = new Option<string?>("--name")
        {
            Description = "The simulator's name; made of THINGS when not given. One of the same name is replaced.",
            HelpName = "NAME",
        };
        var picksUp = new Option<TimeSpan?>("--picks-up")
        {
            Description = "How long a device waits before it takes an execution (1s).",
            HelpName = "DURATION",
            CustomParser = Values.OptionalDuration,
        };
        var takes = new Option<SimulatedWork?>("--takes")
        {
            Description = "How long it works on one (10s..30s).",
            HelpName = "FROM..TO",
            CustomParser = Values.Range,
        };
        var outcomes = new Option<SimulatedOutcomes?>("--outcomes")
        {
            Description = "How executions end, in relation to one another, as in SUCCEEDED=95,FAILED=3,REJECTED=1,silent=1; "
                + "all succeed when not given.",
            HelpName = "OUTCOMES",
            CustomParser = Values.Outcomes,
        };
        var offline = new Option<int?>("--offline") { Description = "How many of a hundred things do nothing (0).", HelpName = "PERCENT" };
        var seed = new Option<int?>("--seed") { Description = "What is drawn follows from it (0).", HelpName = "NUMBER" };
        var namespaceId = new Option<string?>("--namespace") { Description = "Takes the jobs of this namespace.", HelpName = "ID" };
        var command = new Command("simulate", "Has the emulator play devices, on its clock. A seed can say more of them, with PutSimulator.")
        {
            things, name, picksUp, takes, outcomes, offline, seed, namespaceId,
        };
        var emulator = EmulatorOption.AddTo(command);
        var account = AccountOptions.AddTo(command, Whose);
        command.SetAction(async (parsed, cancelled) =>
        {
            var definition = new SimulatorDefinition
            {
                Things = parsed.GetValue(things)!,
                PicksUp = parsed.GetValue(picksUp),
                Takes = parsed.GetValue(takes),
                Outcomes = parsed.GetValue(outcomes),
                Offline = parsed.GetValue(offline),
                Seed = parsed.GetValue(seed),
                NamespaceId = parsed.GetValue(namespaceId),
            };
            await using var client = emulator.Connect(parsed);
            Print(await client.Simulators.PutAsync(parsed.GetValue(name) ?? NameOf(definition.Things), definition, account.Read(parsed), cancelled));
        });
        command.Add(List());
        command.Add(Stop());
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Lists the simulators, and how many of their devices have something to do.");
        var emulator = EmulatorOption.AddTo(command);
        var account = AccountOptions.AddTo(command, Whose);
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            foreach (var simulator in await client.Simulators.ListAsync(account.Read(parsed), cancelled))
                Print(simulator);
        });
        return command;
    }

    private static Command Stop()
    {
        var name = new Argument<string>("NAME") { Description = "The simulator's name." };
        var command = new Command("stop", "Removes a simulator. What its devices have taken stays IN_PROGRESS.") { name };
        var emulator = EmulatorOption.AddTo(command);
        var account = AccountOptions.AddTo(command, Whose);
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            await client.Simulators.DeleteAsync(parsed.GetValue(name)!, account.Read(parsed), cancelled);
        });
        return command;
    }

    private static void Print(Simulator simulator) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{simulator.Name} plays {simulator.Things}, {simulator.Busy} busy"));

    /// <summary>What of a pattern of names may be a simulator's name: <c>pump</c> of <c>pump-*</c>.</summary>
    private static string NameOf(string things)
    {
        var letters = things.Where(letter => char.IsAsciiLetterOrDigit(letter) || "_-:".Contains(letter, StringComparison.Ordinal));
        var name = string.Concat(letters).Trim('_', '-', ':');
        return name.Length > 0 ? name : "all";
    }
}
