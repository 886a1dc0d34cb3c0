using System.Globalization;

namespace IoTJobsEmulator.Benchmarks.Report;

/// <summary>The median of the rounds, and between what they lay.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(params IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return new(sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>Round by round, so that a noisy moment, which meets both sides, falls out.</summary>
    public static Spread Ratio(IEnumerable<double> rounds, IEnumerable<double> others) => Of(rounds.Zip(others, (one, other) => one / other));

    public override string ToString() => Min == Max ? Text(Median) : $"{Text(Median)} ({Text(Min)}..{Text(Max)})";

    /// <summary>Three significant digits or so, in groups of thousands.</summary>
    public static string Text(double value)
    {
        var digits = Math.Abs(value) switch { >= 100 or 0 => 0, >= 10 => 1, >= 1 => 2, >= 0.1 => 3, _ => 4 };
        return value.ToString($"#,##0.{new string('#', digits)}", CultureInfo.InvariantCulture).Replace(',', ' ');
    }
}

/// <summary>What the ratio, or the figure itself when there is nothing beside it, should at least or at most be.</summary>
internal sealed record Target(double Bound, bool IsLeast)
{
    /// <summary>Whether it is about the figure although something stands beside it.</summary>
    public bool IsOfFigure { get; init; }

    public static Target AtLeast(double bound) => new(bound, true);

    public static Target AtMost(double bound) => new(bound, false);

    public bool IsMet(double value) => IsLeast ? value >= Bound : value <= Bound;

    public override string ToString() => $"{(IsLeast ? "≥" : "≤")} {Spread.Text(Bound)}{(IsOfFigure ? " itself" : "")}";
}

/// <summary>One row of the table.</summary>
internal sealed record Figure(string Work, string Mode, string Unit, Spread Value)
{
    public int? Connections { get; init; }

    /// <summary>What stands beside it, in the same unit.</summary>
    public string? Limit { get; init; }

    public Spread? LimitValue { get; init; }

    public Spread? Ratio { get; init; }

    public Target? Target { get; init; }

    /// <summary>What each request cost the server's processors: tells more than the rate on a machine that others use, too.</summary>
    public double? ServersMicroseconds { get; init; }

    public double? LimitsMicroseconds { get; init; }

    /// <summary>How long answers took in all rounds, in milliseconds.</summary>
    public double? P50 { get; init; }

    public double? P99 { get; init; }

    public double? Longest { get; init; }

    public bool? IsMet => Target?.IsMet(Target.IsOfFigure ? Value.Median : Ratio?.Median ?? Value.Median);
}
