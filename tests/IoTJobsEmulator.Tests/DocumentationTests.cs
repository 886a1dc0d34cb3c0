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
        var broken = Link().Matches(WithoutCode(File.ReadAllText(file))).Select(link => link.Groups["target"].Value).Where(target => !IsThere(file, target));
        Assert.Equal("", string.Join('\n', broken));
    }

    [Fact]
    public void The_documents_are_found()
    {
        foreach (var document in new[] { "README.md", "CONTRIBUTING.md", "SECURITY.md", "INVARIANTS.md" })
            Assert.Contains(document, Documents.Select(row => row.Data));
    }

    /// <summary>A link that is broken on purpose is noticed.</summary>
    [Theory]
    [InlineData("LICENSE", true)]
    [InlineData("docker/", true)]
    [InlineData("docker/README.md#in-a-container", true)]
    [InlineData("#how-fast-it-is", true)]
    [InlineData("https://example.com/none", true)]
    [InlineData("NONE.md", false)]
    [InlineData("docker/README.md#none", false)]
    [InlineData("#none", false)]
    public void A_broken_link_is_noticed(string target, bool isThere) => Assert.Equal(isThere, IsThere(Path.Combine(Repository.Root, "README.md"), target));

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

    private static bool IsThere(string document, string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return true;
        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var file = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(path));
        return anchor is null
            ? Path.Exists(file)
            : File.Exists(file) && Heading().Matches(WithoutCode(File.ReadAllText(file))).Select(heading => Anchor(heading.Groups["text"].Value)).Contains(anchor);
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

    [GeneratedRegex(@"`(?<type>[A-Z][a-z0-9]\w+)(\.(?<member>[A-Z]\w+))?`")]
    private static partial Regex Name();
}
