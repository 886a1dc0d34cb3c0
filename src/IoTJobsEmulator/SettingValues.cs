using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator;

/// <summary>Reads the texts of settings. What is refused throws a FormatException that says what is expected.</summary>
internal static class SettingValues
{
    public static FormatException Expected(string what) => new(what);

    public static RolloutMode Mode(string text) => new EnumText<RolloutMode>(text) is { IsDefined: true } mode
        ? mode.Value
        : throw Expected(string.Join(" or ", Enum.GetNames<RolloutMode>()));

    public static int Number(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw Expected(string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {max}"));

    public static bool OnOrOff(string text) => text switch { "on" => true, "off" => false, _ => throw Expected("on or off") };

    public static int[] PortsOrOff(string text) => text == "off" ? [] : Array.ConvertAll(
        text.Split(',', StringSplitOptions.TrimEntries),
        part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw Expected("a number from 0 to 65535, several with commas between them, or off"));

    public static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>An origin as browsers write it.</summary>
    public static string Origin(string text) =>
        text == EmulatorOptions.Any ? text
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Host.Length: > 0, AbsolutePath: "" or "/", UserInfo: "", Query: "", Fragment: "" }
            ? url.GetLeftPart(UriPartial.Authority)
            : throw Expected("an origin such as http://localhost:3000, several with commas between them, or *");

    public static string HostName(string text) =>
        text == EmulatorOptions.Any || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) != UriHostNameType.Unknown
            ? text
            : throw Expected("a host name such as jobs.test or *.example.com, several with commas between them, or *");

    public static string ExistingFile(string text) => File.Exists(text) ? text : throw Expected("a file");

    public static string Address(string text) =>
        text is "*" or "localhost" ? text
        : IPAddress.TryParse(text, out var address) && !address.IsIPv6Multicast && !IsGroup(address) ? address.ToString()
        : throw Expected("an IP address, localhost or *");

    /// <summary>Whether an address is no machine's: multicast, reserved or broadcast.</summary>
    private static bool IsGroup(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] >= 224;

    public static string NotEmpty(string text) => text.Length > 0 ? text : throw Expected("a value");

    public static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "" } ? url : throw Expected("a URL such as http://localhost:9000");

    public static LogLevel Level(string text) => text switch
    {
        "debug" => LogLevel.Debug,
        "information" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => throw Expected("debug, information, warning or error"),
    };
}
