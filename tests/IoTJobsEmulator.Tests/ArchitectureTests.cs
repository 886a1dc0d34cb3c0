using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Tests;

/// <summary>Who may know whom, and what belongs to an operation: DESIGN and CONTRIBUTING say it, this holds it.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("IoTJobsEmulator.Core", "Microsoft", "System.IO", "System.Net", "System.Threading", "System.Data")]
    [InlineData("IoTJobsEmulator.Core/Shapes", "IoTJobsEmulator.Core.State", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Jobs", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Things", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/State", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator/Storage", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "IoTJobsEmulator.Console", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Turns", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "IoTJobsEmulator.Console", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Documents", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "IoTJobsEmulator.Console", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Http", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Mqtt", "IoTJobsEmulator.Console")]
    [InlineData("IoTJobsEmulator/Mqtt", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Http", "IoTJobsEmulator.Console")]
    [InlineData("IoTJobsEmulator/Mqtt/Protocol", "IoTJobsEmulator.Core", "IoTJobsEmulator.Turns")]
    [InlineData("IoTJobsEmulator/Tls", "IoTJobsEmulator.Core", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt")]
    [InlineData("IoTJobsEmulator/Console", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt")]
    public void A_folder_does_not_know(string folder, params string[] strangers)
    {
        var known = from file in Sources(folder)
                    from Match match in Using().Matches(File.ReadAllText(file))
                    let name = match.Groups["name"].Value
                    where strangers.Any(stranger => name == stranger || name.StartsWith(stranger + ".", StringComparison.Ordinal))
                    select $"{Path.GetRelativePath(Repository.Root, file)} uses {name}";
        Assert.Empty(known);
    }

    [Fact]
    public void Every_operation_has_its_line_among_the_routes()
    {
        var server = Repository.Source("IoTJobsEmulator");
        var routes = File.ReadAllText(Path.Combine(server, "Http", "Routes.cs")) + File.ReadAllText(Path.Combine(server, "MessageRoutes.cs"));
        Assert.DoesNotContain(Operations(), operation =>
            !routes.Contains(operation.Folder == "IotJobsData" ? $" DataPlane.{operation.Name}.Handle" : $" {operation.Name}.Handle", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_operation_has_a_conversation()
    {
        var conversations = Path.Combine(Repository.Root, "tests", "IoTJobsEmulator.Tests", "Conversations");
        Assert.DoesNotContain(Operations(), operation => !File.Exists(Path.Combine(conversations, operation.Folder, operation.Name + ".txt")));
    }

    [Fact]
    public void Every_operation_links_to_its_documentation()
    {
        Assert.DoesNotContain(Operations(), operation => !Regex.IsMatch(operation.Text,
            $"""/// <see href="https://docs\.aws\.amazon\.com/iot/latest/apireference/API_(iot-jobs-data_|iotdata_)?{operation.Name}\.html"/>"""));
    }

    private static IEnumerable<(string Folder, string Name, string Text)> Operations()
    {
        string[] roots = [Path.Combine(Repository.Source("IoTJobsEmulator.Core"), "Operations"), Path.Combine(Repository.Source("IoTJobsEmulator"), "Mqtt", "IotData")];
        var found = from root in roots
                    from file in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
                    let name = Path.GetFileNameWithoutExtension(file)
                    let text = File.ReadAllText(file)
                    where Regex.IsMatch(text, $@"(public|internal) static class {name}\b") && text.Contains(" Handle(", StringComparison.Ordinal)
                    select (Path.GetFileName(Path.GetDirectoryName(file)!), name, text);
        Assert.NotEmpty(found);
        return found;
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.Exists(Repository.Source(folder)) ? Directory.EnumerateFiles(Repository.Source(folder), "*.cs", SearchOption.AllDirectories).Where(IsWritten) : [];

    private static bool IsWritten(string file) =>
        !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any();

    [GeneratedRegex(@"^(global )?using (static |\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}

/// <summary>Where the sources lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new(AppContext.BaseDirectory));

    public static string Source(string folder) => Path.Combine(Root, "src", folder);

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")) ? folder.FullName : Find(folder.Parent!);
}
