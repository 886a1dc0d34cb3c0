using System.Net;
using IoTJobsEmulator.Tests.Storage;

namespace IoTJobsEmulator.Tests;

/// <summary>What the program does not load until somebody needs it: each of these takes megabytes, and a part of the start or of the first write.</summary>
public sealed class LoadedAssembliesTests
{
    [Fact]
    public async Task Neither_a_start_nor_a_write_loads_EF_expression_trees_or_what_makes_OpenAPI_documents()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system does not say which files a process has mapped.");
        using var folder = new Folder();
        // With a database file, so that the write is over when the answer comes.
        using var emulator = await EmulatorProcess.Start("--database", folder.Database);
        using var http = new HttpClient { BaseAddress = emulator.Url };
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync(new Uri("/things/pump-1", UriKind.Relative), null, Cancelled)).StatusCode);

        var files = File.ReadLines($"/proc/{emulator.Id}/maps").Select(Path.GetFileName).OfType<string>().ToHashSet();

        Assert.Contains("Microsoft.Data.Sqlite.dll", files);
        Assert.DoesNotContain(files, file =>
            file is "System.Linq.Expressions.dll" or "Microsoft.AspNetCore.Mvc.Core.dll" or "Microsoft.OpenApi.dll"
            || file.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || file.StartsWith("Swashbuckle", StringComparison.Ordinal));
        await emulator.Terminate();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
