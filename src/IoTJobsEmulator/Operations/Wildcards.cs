using System.IO.Enumeration;

namespace IoTJobsEmulator.Operations;

/// <summary>Patterns of names in which <c>*</c> stands for any characters, none included.</summary>
internal static class Wildcards
{
    /// <param name="pattern">The pattern; null fits everything, a name that is not there included.</param>
    /// <param name="name">The name.</param>
    public static bool Fit(string? pattern, string? name) =>
        pattern is null || (name is not null && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
