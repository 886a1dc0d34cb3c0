using System.CommandLine;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>reset</c>: everything as at the start.</summary>
internal static class ResetCommand
{
    public static Command Create()
    {
        var seed = new Option<bool>("--seed") { Description = "Begin with the seed that the emulator was started with." };
        var command = new Command("reset", "Makes everything as it was at the start, in all accounts: jobs, things, clock, settings, faults.") { seed };
        var emulator = EmulatorOption.AddTo(command);
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            await (parsed.GetValue(seed) ? client.ResetAndSeedAsync(cancelled) : client.ResetAsync(cancelled));
        });
        return command;
    }
}
