using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>The fixtures in docs/testing.md are the files that run here.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = Find(new(AppContext.BaseDirectory));

    [Fact]
    public void Its_samples_are_those_that_run_here()
    {
        var shown = Sample().Matches(File.ReadAllText(Path.Combine(Root, "docs", "testing.md")));
        Assert.Equal(4, shown.Count);
        Assert.All(shown, sample => Assert.Equal(File.ReadAllText(Path.Combine(Root, sample.Groups["file"].Value)), sample.Groups["text"].Value));
    }

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")) ? folder.FullName : Find(folder.Parent!);

    [GeneratedRegex("^<!-- (?<file>\\S+) -->\n```csharp\n(?<text>.*?)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();
}
