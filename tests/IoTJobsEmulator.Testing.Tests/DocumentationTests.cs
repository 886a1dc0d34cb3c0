using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>The samples in the documents are files that run: here, and in tests/consumer.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = Find(new(AppContext.BaseDirectory));

    [Theory]
    [InlineData("docs/testing.md", 5)]
    [InlineData("src/IoTJobsEmulator.Testing/README.md", 1)]
    public void Its_samples_are_those_that_run(string page, int samples)
    {
        var shown = Sample().Matches(File.ReadAllText(Path.Combine(Root, page)));
        Assert.Equal(samples, shown.Count);
        Assert.All(shown, sample => Assert.Equal(File.ReadAllText(Path.Combine(Root, sample.Groups["file"].Value)), sample.Groups["text"].Value));
    }

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")) ? folder.FullName : Find(folder.Parent!);

    [GeneratedRegex("^<!-- (?<file>\\S+) -->\n```csharp\n(?<text>.*?)```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();
}
