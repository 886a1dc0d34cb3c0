using System.CommandLine;
using System.CommandLine.Invocation;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary>The commands that speak to an emulator that runs already.</summary>
internal static class CommandLine
{
    private const int Refused = 1, WrongUsage = 2;

    /// <summary>Runs a command. 0 says that it was done, 1 that it was refused or the emulator cannot be reached, 2 that the command line is wrong.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Action is ParseErrorAction refusal)
        {
            refusal.ShowHelp = false;
            await parsed.InvokeAsync(new() { Output = Console.Error });
            return WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault) when (fault is EmulatorException or TimeoutException or IOException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Refused;
        }
        catch (OperationCanceledException)
        {
            return Refused;
        }
    }

    private static RootCommand Root() => new("AWS IoT Jobs on your machine. Without a command the emulator is started, as with serve.")
    {
        // Program starts it; here it is only listed.
        new Command("serve", "Starts the emulator. Settings may follow: serve --help lists them."),
        SeedCommand.Create(),
        ClockCommand.Create(),
        ResetCommand.Create(),
        SimulateCommand.Create(),
        EventsCommand.Create(),
        HealthCommand.Create(),
    };
}
