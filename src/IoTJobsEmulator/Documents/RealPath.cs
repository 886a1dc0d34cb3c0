namespace IoTJobsEmulator.Documents;

/// <summary>Resolves symbolic links in every part of a path, as realpath does; parts that do not exist are kept.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <param name="path">An absolute path.</param>
    /// <returns>The path without links; null when there are more than 40, as in a loop.</returns>
    public static string? Of(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Parts(path[root.Length..]).Reverse());
        var real = root;
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part == "..")
                real = Path.GetDirectoryName(real) ?? root;
            else if (new FileInfo(Path.Combine(real, part)).LinkTarget is not { } target)
                real = Path.Combine(real, part);
            else if (++links > MaxLinks)
                return null;
            else
            {
                var targetRoot = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
                real = targetRoot.Length > 0 ? targetRoot : real;
                foreach (var next in Parts(target[targetRoot.Length..]).Reverse())
                    rest.Push(next);
            }
        }
        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
