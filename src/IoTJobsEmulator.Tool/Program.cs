using System.Reflection;
using IoTJobsEmulator;
using IoTJobsEmulator.Tool.Commands;

const string Serve = "serve";

return args switch
{
    [Serve, .. var settings] => RunEmulator(settings),
    ["--help" or "-h" or "-?", ..] => await CommandLine.Run(args),
    [var first, ..] when !first.StartsWith('-') => await CommandLine.Run(args),
    _ => RunEmulator(args),
};

// The emulator's own program, as it is started without the tool.
static int RunEmulator(string[] settings) =>
    (int)typeof(EmulatorHost).Assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [settings], culture: null)!;
