using System.Collections;
using System.Text.Json;

namespace IoTJobsEmulator;

/// <summary>A setting as the user gave it, and where: an argument, a variable or a member of the file.</summary>
internal sealed record GivenSetting(string Name, string Value, string Origin)
{
    private const string EnvironmentPrefix = "IOTJOBS_";

    /// <summary>Says to the commands of the tool where the emulator is. It is no setting of an emulator.</summary>
    private const string UrlVariable = EnvironmentPrefix + "URL";

    /// <summary>The settings of the command line.</summary>
    /// <remarks>
    /// Not read by System.CommandLine, as the commands of the tool are: it takes 70 ms of each start, and its messages do not name a setting as such.
    /// </remarks>
    public static List<GivenSetting> FromCommandLine(IEnumerable<string> arguments)
    {
        List<GivenSetting> found = [];
        using var rest = arguments.GetEnumerator();
        while (rest.MoveNext())
        {
            var argument = rest.Current;
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                throw new SettingException($"Unknown argument {argument}.");
            if (argument.Split('=', 2) is [var name, var value])
                found.Add(new(name[2..], value, name));
            else
                found.Add(new(argument[2..], rest.MoveNext() ? rest.Current : throw new SettingException($"{argument} needs a value."), argument));
        }
        return found;
    }

    public static List<GivenSetting> FromEnvironment(IDictionary environment) =>
    [
        .. environment.Keys.Cast<string>()
            .Where(name => name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && name != UrlVariable)
            .Select(name => new GivenSetting(SettingsName(name), (string?)environment[name] ?? "", name)),
    ];

    public static List<GivenSetting> FromFile(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return [.. document.RootElement.EnumerateObject().Select(member => new GivenSetting(member.Name, Text(member.Value), $"\"{member.Name}\" in {file}"))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"The configuration file {file} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SettingException($"The configuration file {file} is not a JSON object: {e.Message}");
        }
    }

    private static string SettingsName(string variable) => variable[EnvironmentPrefix.Length..].Replace('_', '-').ToLowerInvariant();

    /// <summary>A value in the file as it would stand on the command line: a list has commas between its parts.</summary>
    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? string.Join(',', value.EnumerateArray().Select(part => part.ToString())) : value.ToString();
}
