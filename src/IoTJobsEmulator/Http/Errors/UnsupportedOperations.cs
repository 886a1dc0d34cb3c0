using System.Reflection;

namespace IoTJobsEmulator.Http.Errors;

/// <summary>
/// Names the operation of AWS IoT that a request is for when the emulator does not have it. The embedded file has the names, methods and
/// paths of all operations from the service model of iot (botocore 1.43.11). ASP.NET's routing would need an endpoint for each of them from the
/// start on.
/// </summary>
internal static class UnsupportedOperations
{
    private static readonly Lazy<ILookup<string, (string Name, string[] Path)>> ByMethod = new(Read);

    /// <summary>The operation's name, or null when AWS IoT has none of this method and path either.</summary>
    public static string? Find(string method, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return ByMethod.Value[method]
            .Where(operation => Fits(operation.Path, parts))
            .OrderBy(operation => operation.Path.Count(IsVariable))
            .Select(operation => operation.Name)
            .FirstOrDefault();
    }

    private static ILookup<string, (string Name, string[] Path)> Read()
    {
        using var file = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("iot-operations.txt")!);
        return file.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(line => line[0], line => (line[2], line[1].Split('/', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static bool Fits(string[] pattern, string[] path) =>
        (pattern.Length == path.Length || (pattern.Length < path.Length && IsRest(pattern[^1])))
        && pattern.Zip(path).All(pair => IsVariable(pair.First) || pair.First == pair.Second);

    private static bool IsVariable(string part) => part.StartsWith('{');

    private static bool IsRest(string part) => part.EndsWith("+}", StringComparison.Ordinal);
}
