using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Benchmarks.Report;

/// <summary>Gathers the figures: a line of JSON each, as soon as it is known, and a table in Markdown at the end.</summary>
internal sealed class Reporter(string? jsonFile) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Figure> _figures = [];
    private readonly StreamWriter? _json = jsonFile is null ? null : new(jsonFile) { AutoFlush = true };

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        Console.WriteLine(Line(figure));
        _json?.WriteLine(JsonSerializer.Serialize(figure, Json));
    }

    /// <summary>Something that the reader of the table must know.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    public void WriteTable()
    {
        Console.WriteLine();
        Console.WriteLine("| work | connections | mode | figure | p50 / p99 / longest, ms | CPU a request, µs (the limit's) | limit | ratio | target | met |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var figure in _figures)
            Console.WriteLine(Line(figure));
    }

    public void Dispose() => _json?.Dispose();

    private static string Line(Figure figure) =>
        $"| {figure.Work} | {figure.Connections} | {figure.Mode} | {figure.Value} {figure.Unit} "
        + $"| {(figure.P50 is { } p50 ? $"{Spread.Text(p50)} / {Spread.Text(figure.P99 ?? double.NaN)} / {Spread.Text(figure.Longest ?? double.NaN)}" : "")} "
        + $"| {(figure.ServersMicroseconds is { } own ? Spread.Text(own) : "")}{(figure.LimitsMicroseconds is { } limits ? $" ({Spread.Text(limits)})" : "")} "
        + $"| {(figure.LimitValue is { } limit ? $"{limit} {figure.Limit}" : figure.Limit)} "
        + $"| {figure.Ratio} | {figure.Target} | {figure.IsMet switch { true => "yes", false => "no", null => "" }} |";
}
