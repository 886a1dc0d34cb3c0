namespace IoTJobsEmulator;

/// <summary>Finds the name that somebody has meant.</summary>
internal static class SettingNames
{
    /// <summary>How many letters may differ.</summary>
    private const int MaxDistance = 2;

    /// <summary>The known name that differs least from a text; null when all differ by more than two letters.</summary>
    public static string? NearestTo(string text, IEnumerable<string> known) =>
        known.Select(name => (Name: name, Distance: Distance(text, name))).Where(one => one.Distance <= MaxDistance).OrderBy(one => one.Distance).Select(one => one.Name).FirstOrDefault();

    /// <summary>How many letters are to be added, removed or replaced.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[^1];
    }
}
