using System.CommandLine;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>events</c>: prints what happens until it is interrupted, the emulator ends, or enough has happened.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var types = new Option<string?>("--type")
        {
            Description = "Only events of these types, several as in job,execution: job, execution, thing, group, membership, connection, notification, "
                + "clock, reset, restore.",
            HelpName = "TYPES",
        };
        var thing = new Option<string?>("--thing") { Description = "Only of things of this name; * stands for any characters.", HelpName = "NAME" };
        var job = new Option<string?>("--job-id") { Description = "Only of jobs of this id; * stands for any characters.", HelpName = "ID" };
        var after = new Option<long?>("--after")
        {
            Description = "Begin after the event of this number; 0 begins with what is remembered. Else with what happens next.",
            HelpName = "NUMBER",
        };
        var count = new Option<int?>("--count") { Description = "End after so many.", HelpName = "NUMBER" };
        types.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string>()!.Split(','))
            {
                if (TypeOf(name) is null)
                    result.AddError($"--type: '{name}' is not a type of events.");
            }
        });
        var command = new Command("events", "Prints what happens, as it happens, until Ctrl+C.") { types, thing, job, after, count };
        var emulator = EmulatorOption.AddTo(command);
        var account = AccountOptions.AddTo(command, "Only of this account and region, and what concerns all.");
        command.SetAction(async (parsed, cancelled) =>
        {
            var filter = new EventFilter
            {
                Types = parsed.GetValue(types)?.Split(',').Select(name => TypeOf(name)!.Value).ToList(),
                Thing = parsed.GetValue(thing),
                JobId = parsed.GetValue(job),
                After = parsed.GetValue(after),
                Account = account.Read(parsed),
            };
            var left = parsed.GetValue(count) ?? int.MaxValue;
            await using var client = emulator.Connect(parsed);
            try
            {
                await foreach (var happened in client.Events.FollowAsync(filter, cancelled))
                {
                    EventPrinter.Print(happened);
                    if (--left <= 0)
                        break;
                }
            }
            catch (OperationCanceledException)
            {
                // Ctrl+C is how it ends.
            }
        });
        return command;
    }

    private static EventType? TypeOf(string name) =>
        Enum.TryParse<EventType>(name, ignoreCase: true, out var type) && type != EventType.Unknown && !char.IsAsciiDigit(name[0]) ? type : null;
}
