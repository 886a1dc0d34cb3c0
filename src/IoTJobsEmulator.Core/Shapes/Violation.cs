using System.Collections;
using System.Globalization;

namespace IoTJobsEmulator.Core.Shapes;

/// <summary>A value, where it stands in the request, and the rule that it breaks.</summary>
internal readonly record struct Violation(string Path, object? Value, string Rule)
{
    public Violation WithPrefix(string name) => this with { Path = $"{name}.{Path}" };

    public override string ToString() => Value is null
        ? $"Value null at '{Path}' failed to satisfy constraint: {Rule}"
        : $"Value '{JavaText.Of(Value)}' at '{Path}' failed to satisfy constraint: {Rule}";
}

/// <summary>Values as the service writes them into its texts: as Java's <c>toString</c> does.</summary>
internal static class JavaText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Of(number),
        IStructure structure => $"{structure.GetType().Name}({string.Join(", ", Members(structure))})",
        IReadOnlyDictionary<string, string> map => $"{{{string.Join(", ", map.Select(pair => $"{pair.Key}={Of(pair.Value)}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Of(double number)
    {
        if (Math.Abs(number) is not (0 or >= 1e-3 and < 1e7))
            return number.ToString("0.0###############E0", CultureInfo.InvariantCulture);
        var text = number.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.') ? text : text + ".0";
    }

    private static IEnumerable<string> Members(IStructure structure) =>
        Member.PropertiesOf(structure.GetType()).Select(property => $"{Member.WireName(property)}={Of(property.GetValue(structure))}");
}
