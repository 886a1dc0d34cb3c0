using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A fault as a form gives it. What is left empty is left out; whether it fits together the API says.</summary>
public sealed class FaultDraft
{
    private const string AnyError = "any", NamedError = "named";

    public bool IsNotification { get; set; }

    /// <summary>The operation or the notification.</summary>
    public string Strikes { get; set; } = "UpdateJobExecution";

    public string Service { get; set; } = "";

    public string Account { get; set; } = "";

    public string Region { get; set; } = "";

    public string Thing { get; set; } = "";

    public string JobId { get; set; } = "";

    public string Transport { get; set; } = "";

    public string Times { get; set; } = "";

    public string After { get; set; } = "";

    public string Probability { get; set; } = "";

    public string Seed { get; set; } = "";

    /// <summary>Empty for no error, <c>named</c> for one of the operation's, <c>any</c> for another.</summary>
    public string ErrorKind { get; set; } = NamedError;

    public string ErrorName { get; set; } = "ThrottlingException";

    public string StatusCode { get; set; } = "";

    public string Code { get; set; } = "";

    public string Message { get; set; } = "";

    public string Delay { get; set; } = "";

    /// <summary><c>before</c>, <c>after</c>, or empty.</summary>
    public string Drop { get; set; } = "";

    public bool Duplicate { get; set; }

    /// <summary>A fault of the list, to be edited.</summary>
    public static FaultDraft Of(JsonObject fault)
    {
        var error = fault["error"] as JsonObject;
        var name = Text(error, "name");
        return new()
        {
            IsNotification = fault["notification"] is not null,
            Strikes = Text(fault, "operation") + Text(fault, "notification"),
            Service = Text(fault, "service"),
            Account = Text(fault, "account"),
            Region = Text(fault, "region"),
            Thing = Text(fault, "thing"),
            JobId = Text(fault, "jobId"),
            Transport = Text(fault, "transport"),
            Times = Text(fault, "times"),
            After = Text(fault, "after"),
            Probability = Text(fault, "probability"),
            Seed = Text(fault, "seed"),
            ErrorKind = error is null ? "" : name.Length > 0 ? NamedError : AnyError,
            ErrorName = name,
            StatusCode = Text(error, "statusCode"),
            Code = Text(error, "code"),
            Message = Text(error, "message"),
            Delay = Text(fault, "delay"),
            Drop = Text(fault, "drop"),
            Duplicate = (bool?)fault["duplicate"] is true,
        };
    }

    /// <summary>The rule, as the API takes it.</summary>
    public string Json() => FormText.Members(
        (IsNotification ? "notification" : "operation", FormText.Text(Strikes)),
        ("service", FormText.Text(Service)),
        ("account", FormText.Text(Account)),
        ("region", FormText.Text(Region)),
        ("thing", FormText.Text(Thing)),
        ("jobId", FormText.Text(JobId)),
        ("transport", FormText.Text(Transport)),
        ("times", FormText.Number(Times)),
        ("after", FormText.Number(After)),
        ("probability", FormText.Number(Probability)),
        ("seed", FormText.Number(Seed)),
        ("error", Error()),
        ("delay", FormText.Text(Delay)),
        ("drop", FormText.Text(Drop)),
        ("duplicate", Duplicate ? JsonValue.Create(true) : null)).ToJsonString();

    private JsonObject? Error() => ErrorKind switch
    {
        NamedError => FormText.Members(("name", FormText.Text(ErrorName)), ("message", FormText.Text(Message))),
        AnyError => FormText.Members(("statusCode", FormText.Number(StatusCode)), ("code", FormText.Text(Code)), ("message", FormText.Text(Message))),
        _ => null,
    };

    private static string Text(JsonObject? from, string member) => from?[member]?.ToString() ?? "";
}
