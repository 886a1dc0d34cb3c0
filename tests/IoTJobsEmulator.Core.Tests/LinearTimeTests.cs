using System.Text.RegularExpressions;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Tests;

/// <summary>
/// Texts of callers are read in time that is in proportion to their length: otherwise one request would hold the turn of all others. Texts are so
/// long that anything else would take minutes or for ever; the guard only ends a test that fails.
/// </summary>
public sealed partial class LinearTimeTests
{
    private const int Long = 400_000;

    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task No_shape_goes_back_over_a_text_more_than_once() => await Ends(() =>
    {
        foreach (var shape in typeof(ShapeAttribute).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StringShapeAttribute))))
        {
            var attribute = (StringShapeAttribute)Activator.CreateInstance(shape)!;
            foreach (var nearMiss in NearMisses(attribute.Pattern ?? ""))
            {
                foreach (var rule in attribute.Rules)
                    rule.Holds(nearMiss);
            }
        }
    });

    [Fact]
    public async Task No_parameter_of_a_managed_template_goes_back_over_a_text_more_than_once() => await Ends(() =>
    {
        foreach (var template in ManagedTemplates.All)
        {
            var values = new ValueMap(template.DocumentParameters.ToDictionary(parameter => parameter.Key, _ => $"{new string('a', Long)}\n"));
            if (values.Count > 0)
                Assert.Throws<ServiceException>(() => template.DocumentWith(values));
        }
    });

    /// <summary>Other patterns would have to be tested as those of shapes are; so far nothing else needs one.</summary>
    [Fact]
    public void Patterns_are_used_by_shapes_only()
    {
        var sources = Path.Combine(Root(new(AppContext.BaseDirectory)), "src");
        var withPatterns = Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => UseOfPatterns().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);
        Assert.Equal(["JavaPattern.cs"], withPatterns);
    }

    [Theory]
    [InlineData("https://a.s3", "-", "!/k")]
    [InlineData("https://a", ".s3", "!/k")]
    [InlineData("https://a", ".s3-", "!.amazonaws.com/k")]
    [InlineData("https://a", ".s3.x", ".amazonaws.com.cn/k")]
    [InlineData("https://", "a.", "/k")]
    [InlineData("https", "://", "")]
    public async Task A_link_is_read_in_one_pass(string start, string repeated, string end) =>
        await Ends(() => S3Object.TryParse(Repeat(start, repeated, end), isEncoded: true, out _));

    [Theory]
    [InlineData("", "${", "")]
    [InlineData("", "${", "\"")]
    [InlineData("", "${}", "")]
    [InlineData("", "${\"", "")]
    [InlineData("${aws:iot:s3-presigned-url:https://s3.amazonaws.com/a-b/", "${x}", "}")]
    public async Task Placeholders_are_found_in_one_pass(string start, string repeated, string end) =>
        await Ends(() => JobDocument.CheckPlaceholders(Repeat(start, repeated, end), new() { RoleArn = "arn:aws:iam::123456789012:role/reader" }, null));

    [Fact]
    public async Task Placeholders_within_one_another_are_found_in_one_pass() => await Ends(() =>
        JobDocument.CheckPlaceholders(string.Concat(Enumerable.Repeat("${", Long)) + new string('}', Long), null, null));

    /// <summary>
    /// A turn asks a query of a thousand things, or a hundred queries of one. A matcher that goes back to its last star takes four
    /// hundred times four hundred steps for each of these, two thousand million in all.
    /// </summary>
    [Fact]
    public async Task The_query_of_a_dynamic_group_is_asked_in_one_pass() => await Ends(() =>
    {
        var query = ThingQuery.Parse($"attributes.a:*{new string('a', 400)}b OR attributes.a:*{new string('a', 400)}?b");
        var thing = new Thing { ThingName = "pump-1", ThingId = "", Ordinal = 1, Attributes = new(new Dictionary<string, string> { ["a"] = new('a', 800) }) };
        for (var i = 0; i < 20_000; i++)
            Assert.False(query.Matches(thing, []));
    });

    private static IEnumerable<string> NearMisses(string pattern)
    {
        foreach (var character in pattern.Append('a').Append('1').Distinct())
        {
            foreach (var end in (string[])["", "\u0001", "\n", "é"])
                yield return Repeat("", character.ToString(), end);
        }
    }

    private static string Repeat(string start, string repeated, string end) => $"{start}{string.Concat(Enumerable.Repeat(repeated, Long))}{end}";

    private static async Task Ends(Action action) => await Task.Run(action).WaitAsync(Guard, TestContext.Current.CancellationToken);

    private static string Root(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")) ? folder.FullName : Root(folder.Parent!);

    [GeneratedRegex(@"\bnew Regex\b|GeneratedRegex|\bRegex\.(IsMatch|Match|Replace|Split|Count|Enumerate)|\bRegex \w+ = new\(")]
    private static partial Regex UseOfPatterns();
}
