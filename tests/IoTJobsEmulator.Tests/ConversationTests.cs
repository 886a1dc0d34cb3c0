using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests;

/// <summary>
/// The wire, word for word: each file under Conversations is a story of requests and answers under a clock that stands still.
/// A request that begins with an HTTP method is one, any other is a topic; a line with <c>!</c> is what the log warns of.
/// With UPDATE_CONVERSATIONS=1 the answers are written anew, so that a change is read in the diff.
/// </summary>
public sealed partial class ConversationTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "IoTJobsEmulator.Tests", "Conversations");

    public static TheoryData<string> All =>
        [.. Directory.GetFiles(Folder, "*.txt", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_conversation_goes_as_it_is_written(string file)
    {
        var path = Path.Combine(Folder, file);
        var written = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var held = await Hold(written);
        if (Environment.GetEnvironmentVariable("UPDATE_CONVERSATIONS") == "1")
            await File.WriteAllTextAsync(path, held, TestContext.Current.CancellationToken);
        else
            Assert.Equal(written, held);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_conversation_says_what_it_shows_and_where_that_is_documented(string file)
    {
        var head = File.ReadLines(Path.Combine(Folder, file)).Take(3).ToArray();
        Assert.True(head is [{ Length: > 10 } shows, var documented, ""] && shows.EndsWith('.') && Documented().IsMatch(documented), string.Join('\n', head));
    }

    /// <summary>Holds the conversation again and writes it down: what is said stays, answers are those that came.</summary>
    private static async Task<string> Hold(string written)
    {
        using var emulator = new Emulator();
        var held = new StringBuilder();
        Device? device = null;
        (string Name, string Value)[] headers = [];
        foreach (var line in Lines(written))
        {
            if (line.StartsWith('<') || line.StartsWith('!'))
                continue;
            held.Append(line).Append('\n');
            // What the line before has announced has come, also for who connects only now.
            await emulator.Turns.WhenIdle();
            if (HttpRequest().IsMatch(line))
                held.Append(await Ask(emulator, line[2..], headers)).Append('\n');
            else if (line.StartsWith("> ", StringComparison.Ordinal))
                await (device ??= await Device.Connect(emulator, "pump-1")).Publish(line[2..]);
            else if (line.StartsWith("* ", StringComparison.Ordinal) && Passing().Match(line) is { Success: true } passing)
                await emulator.Advance(Duration(passing));
            else if (Listening().Match(line) is { Success: true } listening)
                await (device ??= await Device.Connect(emulator, "pump-1")).Subscribe(listening.Groups["filter"].Value);
            else if (line.StartsWith("* ", StringComparison.Ordinal))
                headers = ClientTenant(line);
            foreach (var (topic, payload) in device is null ? [] : await device.Heard())
                held.Append($"< {topic} {Shown(payload)}").Append('\n');
            foreach (var warning in emulator.TakeWarnings())
                held.Append($"! {warning.TrimEnd()}").Append('\n');
        }
        return held.ToString();
    }

    /// <summary>The lines as they are meant: one that begins with blanks goes on with the one before.</summary>
    private static List<string> Lines(string written)
    {
        List<string> lines = [];
        foreach (var line in written.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(' '))
                lines[^1] += '\n' + line;
            else
                lines.Add(line);
        }
        return lines;
    }

    private static async Task<string> Ask(Emulator emulator, string request, (string Name, string Value)[] headers)
    {
        var parts = request.Split([' ', '\n'], 3, StringSplitOptions.RemoveEmptyEntries);
        var answer = await emulator.Send(parts[0], parts[1], parts.ElementAtOrDefault(2), headers);
        return $"< {answer.Status}{(answer.ErrorType is { } type ? " " + type : "")} {Shown(answer.Body)}";
    }

    /// <summary>A long answer is written over several lines.</summary>
    private static string Shown(string body)
    {
        if (body.Length <= 160)
            return body;
        var lines = JsonNode.Parse(body)!.ToJsonString(new(WireJson.Options) { WriteIndented = true }).Split('\n');
        return string.Join('\n', lines.Select((line, i) => i == 0 ? line : "  " + line));
    }

    private static TimeSpan Duration(Match passing)
    {
        var count = int.Parse(passing.Groups["count"].Value, CultureInfo.InvariantCulture);
        return passing.Groups["unit"].Value switch
        {
            "second" => TimeSpan.FromSeconds(count),
            "minute" => TimeSpan.FromMinutes(count),
            "hour" => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays(count),
        };
    }

    private static (string Name, string Value)[] ClientTenant(string line) => Signing().Match(line) switch
    {
        { Success: true } signed => [Emulator.Signed(signed.Groups["service"].Value, signed.Groups["region"].Value, signed.Groups["account"].Value)],
        _ when line == "* nobody signs" => [],
        _ when Header().Match(line) is { Success: true } header => [(header.Groups["name"].Value, header.Groups["value"].Value)],
        _ => throw new FormatException($"What is meant by '{line}'?"),
    };

    [GeneratedRegex("^> [A-Z]+ ")]
    private static partial Regex HttpRequest();

    [GeneratedRegex(@"^\* (?<count>\d+) (?<unit>second|minute|hour|day)s? pass(es)?$")]
    private static partial Regex Passing();

    [GeneratedRegex(@"^\* signed for (?<service>\S+) in (?<region>\S+) by (?<account>\S+)$")]
    private static partial Regex Signing();

    [GeneratedRegex(@"^\* a device listens to (?<filter>\S+)$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^\* the header (?<name>\S+) is (?<value>.+)$")]
    private static partial Regex Header();

    [GeneratedRegex("^(https://|verified against AWS |our own: )")]
    private static partial Regex Documented();
}
