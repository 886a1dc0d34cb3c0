using System.CommandLine;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary><c>health</c>: whether the emulator answers requests.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var wait = new Option<TimeSpan?>("--wait")
        {
            Description = "Tries for so long, such as 30s.",
            HelpName = "DURATION",
            CustomParser = Values.OptionalDuration,
        };
        var command = new Command("health", "Tells by its exit code whether the emulator answers requests.") { wait };
        var emulator = EmulatorOption.AddTo(command);
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var client = emulator.Connect(parsed);
            await (parsed.GetValue(wait) is { } longest ? client.WaitUntilReadyAsync(longest, cancelled) : client.CheckReadyAsync(cancelled));
            Console.WriteLine("ready");
        });
        return command;
    }
}
