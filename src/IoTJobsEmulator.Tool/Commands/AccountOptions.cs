using System.CommandLine;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary>In whose name a command speaks: <c>--account</c> and <c>--region</c>. Without an account the emulator decides by its settings.</summary>
internal sealed class AccountOptions
{
    private readonly Option<string?> _account = new("--account") { HelpName = "ID" };
    private readonly Option<string> _region = new("--region")
    {
        Description = "The region of --account.",
        HelpName = "REGION",
        DefaultValueFactory = _ => "us-east-1",
    };

    private AccountOptions(Command command, string description)
    {
        _account.Description = description;
        _account.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (text is not { Length: 12 } || !text.All(char.IsAsciiDigit))
                result.AddError($"--account: '{text}' is not 12 digits.");
        });
        command.Add(_account);
        command.Add(_region);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_region) is { Implicit: false } && result.GetResult(_account) is null)
                result.AddError("--region is that of --account: it cannot be given alone.");
        });
    }

    /// <summary>Adds the options to a command.</summary>
    public static AccountOptions AddTo(Command command, string description) => new(command, description);

    public EmulatorAccount? Read(ParseResult parsed) => parsed.GetValue(_account) is { } account ? new(account, parsed.GetValue(_region)!) : null;
}
