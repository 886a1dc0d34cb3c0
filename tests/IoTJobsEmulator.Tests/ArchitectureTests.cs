using System.Text.RegularExpressions;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Tests;

/// <summary>Which folder may use which, and what belongs to an operation, as CONTRIBUTING says.</summary>
public sealed class ArchitectureTests
{
    private static readonly Lazy<TypeReference[]> References = new(() =>
        [.. TypeReferences.Of(typeof(ServiceError).Assembly.Location), .. TypeReferences.Of(typeof(EmulatorOptions).Assembly.Location)]);

    /// <summary>Streams alone touch no file: Core reads the resources in its assembly with them.</summary>
    private static readonly string[] Embedded = ["System.IO.Stream", "System.IO.StreamReader", "System.IO.TextReader"];

    [Theory]
    [InlineData("IoTJobsEmulator.Core", "Microsoft", "System.IO", "System.Net", "System.Threading", "System.Data")]
    [InlineData("IoTJobsEmulator.Core/Shapes", "IoTJobsEmulator.Core.State", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Jobs", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Things", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/State", "IoTJobsEmulator.Core.Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator.Core/Lifecycle", "IoTJobsEmulator.Core.Operations")]
    [InlineData("IoTJobsEmulator/Storage", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Operations", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Turns", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Operations", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Documents", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Operations", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Wire", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Operations", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt")]
    [InlineData("IoTJobsEmulator/Operations", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.EmulatorApi", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Events", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.EmulatorApi", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt", "Microsoft.AspNetCore")]
    [InlineData("IoTJobsEmulator/Http", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Mqtt", "IoTJobsEmulator.EmulatorApi")]
    [InlineData("IoTJobsEmulator/Mqtt", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Http", "IoTJobsEmulator.EmulatorApi")]
    [InlineData("IoTJobsEmulator/EmulatorApi", "IoTJobsEmulator.Storage")]
    [InlineData("IoTJobsEmulator/Mqtt/Protocol", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Core", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Operations")]
    [InlineData("IoTJobsEmulator/Telemetry", "IoTJobsEmulator.EmulatorApi", "IoTJobsEmulator.ConsoleHost")]
    [InlineData("IoTJobsEmulator/Tls", "IoTJobsEmulator.Telemetry", "IoTJobsEmulator.Core", "IoTJobsEmulator.Turns", "IoTJobsEmulator.Storage", "IoTJobsEmulator.Operations", "IoTJobsEmulator.Http", "IoTJobsEmulator.Mqtt")]
    public void A_folder_does_not_use(string folder, params string[] strangers)
    {
        Assert.True(Directory.Exists(Repository.Source(folder)), $"The folder {folder} does not exist.");
        var own = References.Value.Where(reference => IsIn(folder.Replace('/', '.'), reference.From)).ToList();
        Assert.NotEmpty(own);
        var violations = own.Where(reference => !Embedded.Contains(reference.To) && Array.Exists(strangers, stranger => IsIn(stranger, reference.To)));
        Assert.Equal("", string.Join('\n', violations.Select(reference => $"{reference.From} uses {reference.To}")));
    }

    /// <summary>Several emulators may run in one process, and in that of somebody's tests: only the program uses what belongs to the process.</summary>
    [Theory]
    [InlineData("System.Console", ".Program", "IoTJobsEmulator.Banner")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration")]
    [InlineData("IoTJobsEmulator.Storage.FileSizeLimit", ".Program", "IoTJobsEmulator.Storage.FileSizeLimit")]
    [InlineData("IoTJobsEmulator.Storage.SqliteLibrary", ".Program", "IoTJobsEmulator.Storage.SqliteLibrary")]
    public void Only_the_program_uses_what_belongs_to_the_process(string used, params string[] users)
    {
        var others = References.Value.Where(reference => reference.To == used && !users.Contains(reference.From));
        Assert.Equal("", string.Join('\n', others.Select(reference => $"{reference.From} uses {reference.To}")));
    }

    /// <summary>Its assemblies are loaded with the code that uses them, so that is one class, which is used when OpenTelemetry is on.</summary>
    [Fact]
    public void One_class_uses_OpenTelemetry()
    {
        var users = References.Value.Where(reference => IsIn("OpenTelemetry", reference.To)).Select(reference => reference.From).Distinct();
        Assert.Equal(["IoTJobsEmulator.Telemetry.OtlpExport"], users);
    }

    /// <summary>Names in full, relative names and names in method bodies: none of them needs a using.</summary>
    [Theory]
    [InlineData("IoTJobsEmulator.MessageRoutes", "IoTJobsEmulator.Mqtt.IotData.Publish")]
    [InlineData(".Program", "IoTJobsEmulator.EmulatorHost")]
    [InlineData("IoTJobsEmulator.EmulatorHost", "IoTJobsEmulator.Http.Requests.ApiSelector")]
    [InlineData("IoTJobsEmulator.Mqtt.IotData.Publish", "IoTJobsEmulator.Mqtt.IotData.QosAttribute")]
    [InlineData("IoTJobsEmulator.Core.ServiceException", "IoTJobsEmulator.Core.Jobs.JobExecution")]
    public void References_are_found_wherever_they_stand(string from, string to) =>
        Assert.Contains(new TypeReference(from, to), References.Value);

    [Fact]
    public void Every_operation_has_its_line_among_the_routes()
    {
        var server = Repository.Source("IoTJobsEmulator");
        var routes = File.ReadAllText(Path.Combine(server, "Http", "Routes.cs")) + File.ReadAllText(Path.Combine(server, "MessageRoutes.cs"));
        Assert.DoesNotContain(Operations(), operation =>
            !routes.Contains(operation.Folder == "IotJobsData" ? $" IotJobsData.{operation.Name}.Handle" : $" {operation.Name}.Handle", StringComparison.Ordinal));
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

    private static bool IsIn(string name, string type) => type.StartsWith(name + ".", StringComparison.Ordinal);
}

/// <summary>Where the sources lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new(AppContext.BaseDirectory));

    public static string Source(string folder) => Path.Combine(Root, "src", folder);

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")) ? folder.FullName : Find(folder.Parent!);
}
