using System.CommandLine;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>seed FILE</c>: makes the calls of a file.</summary>
internal static class SeedCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = """JSON of calls: {"calls": [{"operation": "CreateThing", "input": {"thingName": "pump-1"}}]}""",
        }.AcceptExistingOnly();
        var command = new Command("seed", "Makes the calls of a file, one after the other, beside whatever is there.") { file };
        var emulator = EmulatorOption.AddTo(command);
        var account = AccountOptions.AddTo(command, "The account of a seed that names none itself; that of the emulator's settings when not given.");
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            var result = await client.Seed.RunFileAsync(parsed.GetValue(file)!.FullName, account.Read(parsed), cancelled);
            Console.WriteLine(result.Calls == 1 ? "1 call" : $"{result.Calls} calls");
        });
        return command;
    }
}
