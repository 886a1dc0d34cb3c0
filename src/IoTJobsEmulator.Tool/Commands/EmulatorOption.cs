using System.CommandLine;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary>Which emulator a command speaks to: <c>--url</c>, else the environment variable IOTJOBS_URL, else the port of the settings as they begin.</summary>
internal sealed class EmulatorOption
{
    private const string Variable = "IOTJOBS_URL", Default = "http://localhost:8080";

    private readonly Option<string> _url = new("--url")
    {
        Description = $"The emulator's address, with its base path if it has one; {Variable} in the environment says the same.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Default,
    };

    private EmulatorOption() => _url.Validators.Add(result =>
    {
        var text = result.GetValueOrDefault<string>();
        if (AddressIn(text) is null)
            result.AddError($"{(result.Implicit ? Variable : "--url")}: '{text}' is not a URL such as {Default}.");
    });

    /// <summary>Adds the option to a command.</summary>
    public static EmulatorOption AddTo(Command command)
    {
        var option = new EmulatorOption();
        command.Add(option._url);
        return option;
    }

    public EmulatorClient Connect(ParseResult parsed) => new(AddressIn(parsed.GetValue(_url))!);

    private static Uri? AddressIn(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
