using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Tests;

/// <summary>What the documents in the repository name is there: files, headings, tests, constants.</summary>
public sealed partial class DocumentationTests
{
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true };

    public static TheoryData<string> Documents => [.. Sources("*.md").Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_leads_to_a_file_or_a_heading(string document)
    {
        var file = Path.Combine(Repository.Root, document);
        var broken = Targets(file).Where(target => !IsThere(file, target));
        Assert.Equal("", string.Join('\n', broken));
    }

    [Fact]
    public void The_documents_are_found()
    {
        foreach (var document in new[] { "README.md", "CONTRIBUTING.md", "SECURITY.md", "INVARIANTS.md", "CHANGELOG.md", Path.Combine("docs", "settings.md") })
            Assert.Contains(document, Documents.Select(row => row.Data));
    }

    /// <summary>A link that is broken on purpose is noticed.</summary>
    [Theory]
    [InlineData("LICENSE", true)]
    [InlineData("docker/", true)]
    [InlineData("docs/container.md#in-a-container", true)]
    [InlineData("#five-minutes", true)]
    [InlineData("https://example.com/none", true)]
    [InlineData("NONE.md", false)]
    [InlineData("docs/container.md#none", false)]
    [InlineData("#none", false)]
    public void A_broken_link_is_noticed(string target, bool isThere) => Assert.Equal(isThere, IsThere(Path.Combine(Repository.Root, "README.md"), target));

    /// <summary>Whoever begins with README finds every page by links.</summary>
    [Fact]
    public void Every_page_can_be_reached_from_README()
    {
        var reached = new HashSet<string>();
        var unread = new Queue<string>([Path.GetFullPath("README.md", Repository.Root)]);
        while (unread.TryDequeue(out var page))
        {
            if (!reached.Add(page))
                continue;
            foreach (var file in Targets(page).Select(target => FileOf(page, target)).Where(file => Path.GetExtension(file) == ".md" && File.Exists(file)))
                unread.Enqueue(file);
        }
        var pages = Directory.GetFiles(Path.GetFullPath("docs", Repository.Root), "*.md", Everywhere);
        Assert.NotEmpty(pages);
        Assert.Equal("", string.Join('\n', pages.Except(reached)));
    }

    /// <summary>The table of settings has the names and defaults that <c>--help</c> shows, and no others.</summary>
    [Fact]
    public void The_table_of_settings_is_that_of_the_options()
    {
        var known = SettingInHelp().Matches(EmulatorOptions.Help).Select(NameAndDefault).Order(StringComparer.Ordinal).ToList();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "settings.md"));
        Assert.True(known.Count > 20, $"{known.Count} settings");
        Assert.Equal(known, SettingInTable().Matches(page).Select(NameAndDefault).Order(StringComparer.Ordinal));

        static string NameAndDefault(Match row) => $"{row.Groups["name"].Value}: {row.Groups["default"].Value}";
    }

    /// <summary>A name such as <c>TurnGate</c> is a file, one such as <c>TurnGateTests.A_turn_...</c> a member in it.</summary>
    [Fact]
    public void Every_name_among_the_invariants_exists()
    {
        var files = Sources("*.cs").ToLookup(file => Path.GetFileNameWithoutExtension(file));
        var names = Name().Matches(File.ReadAllText(Path.Combine(Repository.Root, "INVARIANTS.md"))).ToList();
        Assert.True(names.Count > 100, $"{names.Count} names");
        Assert.Equal("", string.Join('\n', names.Where(name => !Exists(name.Groups["type"].Value, name.Groups["member"].Value)).Select(name => name.Value)));

        bool Exists(string type, string member) => files[type].Any(file => member.Length == 0 || Regex.IsMatch(File.ReadAllText(file), $@"\b{member}\b"));
    }

    private static IEnumerable<string> Sources(string pattern) => Directory.EnumerateFiles(Repository.Root, pattern, Everywhere)
        .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".git"));

    private static IEnumerable<string> Targets(string document) => Link().Matches(WithoutCode(File.ReadAllText(document))).Select(link => link.Groups["target"].Value);

    private static bool IsThere(string document, string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return true;
        var (file, anchor) = (FileOf(document, target), target.Split('#', 2) is [_, var after] ? after : null);
        return anchor is null
            ? Path.Exists(file)
            : File.Exists(file) && Heading().Matches(WithoutCode(File.ReadAllText(file))).Select(heading => Anchor(heading.Groups["text"].Value)).Contains(anchor);
    }

    /// <summary>The file that a relative link leads to, there or not.</summary>
    private static string FileOf(string document, string target)
    {
        var path = Uri.UnescapeDataString(target.Split('#')[0]);
        return path.Length == 0 ? document : Path.GetFullPath(path, Path.GetDirectoryName(document)!);
    }

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string Anchor(string heading) =>
        NotInAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string WithoutCode(string markdown) => Fenced().Replace(markdown, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^  --(?<name>[a-z0-9-]+) .*\((?<default>[^()]+)\)\r?$", RegexOptions.Multiline)]
    private static partial Regex SettingInHelp();

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9-]+)` \| (?<default>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex SettingInTable();

    [GeneratedRegex(@"`(?<type>[A-Z][a-z0-9]\w+)(\.(?<member>[A-Z]\w+))?`")]
    private static partial Regex Name();
}
