using System.Reflection;
using IoTJobsEmulator.Operations;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// Names the operation of AWS that a request is for, whether the emulator has it or not. The embedded file has the APIs, methods, paths and
/// names of all operations of iot, iot-data and iot-jobs-data, from the service models of botocore 1.43.11 and, for the connections of iot-data,
/// AWS's API reference. ASP.NET's routing would need an endpoint for each of them from the start on.
/// </summary>
internal static class ServiceOperations
{
    private static readonly Lazy<ILookup<(Api, string), (string Name, string[] Path)>> ByApiAndMethod = new(Read);

    /// <summary>The operation's name, or null when the API has none of this method and path.</summary>
    public static string? Find(Api api, string method, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return ByApiAndMethod.Value[(api, method)]
            .Where(operation => Fits(operation.Path, parts))
            .OrderBy(operation => operation.Path.Count(IsVariable))
            .Select(operation => operation.Name)
            .FirstOrDefault();
    }

    /// <summary>Whether one of the APIs has an operation of this name.</summary>
    public static bool Has(string name) => ByApiAndMethod.Value.Any(operations => operations.Any(operation => operation.Name == name));

    private static ILookup<(Api, string), (string Name, string[] Path)> Read()
    {
        using var file = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("service-operations.txt")!);
        return file.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToLookup(line => (ApiOf(line[0]), line[1]), line => (line[3], line[2].Split('/', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static Api ApiOf(string name) => name switch
    {
        "iot-data" => Api.IotData,
        "iot-jobs-data" => Api.IotJobsData,
        _ => Api.Iot,
    };

    private static bool Fits(string[] pattern, string[] path) =>
        (pattern.Length == path.Length || (pattern.Length < path.Length && IsRest(pattern[^1])))
        && pattern.Zip(path).All(pair => IsVariable(pair.First) || pair.First == pair.Second);

    private static bool IsVariable(string part) => part.StartsWith('{');

    private static bool IsRest(string part) => part.EndsWith("+}", StringComparison.Ordinal);
}
