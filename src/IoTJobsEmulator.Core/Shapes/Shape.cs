using System.Collections.Immutable;
using System.Globalization;

namespace IoTJobsEmulator.Core.Shapes;

/// <summary>A structure of the API: its members are checked by <see cref="Constraints"/> when it arrives.</summary>
public interface IStructure;

/// <summary>The member must be given. Its absence is reported together with all other violations.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class RequiredAttribute : Attribute;

/// <summary>One demand of a shape on a value that is not null, in the service's words.</summary>
public sealed record Rule(string Text, Func<object, bool> Holds);

/// <summary>A simple shape of the service model, on the member that has it. Both checking and OpenAPI read it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public abstract class ShapeAttribute : Attribute
{
    private ImmutableArray<Rule> _rules;

    /// <summary>The shape's name in the service model.</summary>
    public string Name => GetType().Name[..^nameof(Attribute).Length];

    /// <summary>All that a value must satisfy: the upper bound, the lower one, the pattern. The service lists them in this order.</summary>
    public ImmutableArray<Rule> Rules => _rules.IsDefault ? _rules = [.. CreateRules()] : _rules;

    /// <summary>Whether a value of this shape can be wrong at all.</summary>
    public virtual bool HasConstraints => Rules.Length > 0;

    /// <summary>Whether members of this type can have this shape.</summary>
    public abstract bool Fits(Type type);

    protected abstract IEnumerable<Rule> CreateRules();

    private protected static IEnumerable<Rule> Lengths(int? min, int? max, Func<object, int> length) =>
        Lengths(min, max, (value, most) => length(value) <= most, (value, least) => length(value) >= least);

    private protected static IEnumerable<Rule> Lengths(int? min, int? max, Func<object, int, bool> isAtMost, Func<object, int, bool> isAtLeast)
    {
        if (max is { } most)
            yield return new($"Member must have length less than or equal to {most}", value => isAtMost(value, most));
        // A shape with an upper bound only has, in the service's texts, a lower one of 0 (observed: aws/aws-sdk-java#666).
        if (min is not null || max is not null)
            yield return new($"Member must have length greater than or equal to {min ?? 0}", value => isAtLeast(value, min ?? 0));
    }
}

/// <summary>Text, its length in code points, its pattern as AWS writes it.</summary>
public abstract class StringShapeAttribute(int? min = null, int? max = null, string? pattern = null) : ShapeAttribute
{
    public int? Min => min;

    public int? Max => max;

    public string? Pattern => pattern;

    public override bool Fits(Type type) => type == typeof(string);

    protected override IEnumerable<Rule> CreateRules()
    {
        var lengths = Lengths(
            min, max, (value, most) => CodePoints.AreAtMost((string)value, most), (value, least) => CodePoints.AreAtLeast((string)value, least));
        foreach (var rule in lengths)
            yield return rule;
        if (pattern is not null)
        {
            var java = JavaPattern.Of(pattern);
            yield return new($"Member must satisfy regular expression pattern: {pattern}", value => java.Matches((string)value));
        }
    }
}

/// <summary>A number, whole or not: the member's type says which.</summary>
public abstract class NumberShapeAttribute(double? min = null, double? max = null) : ShapeAttribute
{
    public double? Min => min;

    public double? Max => max;

    public override bool Fits(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var number
        && (number == typeof(int) || number == typeof(long) || number == typeof(double));

    protected override IEnumerable<Rule> CreateRules()
    {
        if (max is { } most)
            yield return new(Invariant($"Member must have value less than or equal to {most}"), value => Number(value) <= most);
        if (min is { } least)
            yield return new(Invariant($"Member must have value greater than or equal to {least}"), value => Number(value) >= least);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Number(object value) => value switch
    {
        int number => number,
        long number => number,
        _ => (double)value,
    };
}

/// <summary>A list. Elements that are structures are checked by their own members, others by the shape named here.</summary>
public abstract class ListShapeAttribute(int? min = null, int? max = null, ShapeAttribute? element = null) : ShapeAttribute
{
    public int? Min => min;

    public int? Max => max;

    public ShapeAttribute? Element => element;

    public override bool HasConstraints => base.HasConstraints || element is not null;

    public override bool Fits(Type type) => type.IsAssignableTo(typeof(IReadOnlyList<object>));

    protected override IEnumerable<Rule> CreateRules() => Lengths(min, max, value => ((IReadOnlyList<object?>)value).Count);
}

/// <summary>A map from text to text.</summary>
public abstract class MapShapeAttribute(ShapeAttribute key, ShapeAttribute value, int? max = null) : ShapeAttribute
{
    public int? Max => max;

    public ShapeAttribute Key => key;

    public ShapeAttribute Value => value;

    public override bool HasConstraints => true;

    public override bool Fits(Type type) => type.IsAssignableTo(typeof(IReadOnlyDictionary<string, string>));

    protected override IEnumerable<Rule> CreateRules() => Lengths(null, max, map => ((IReadOnlyDictionary<string, string>)map).Count);
}
