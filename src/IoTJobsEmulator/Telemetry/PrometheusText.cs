using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// Metrics in Prometheus's text form, with the names that OpenTelemetry gives them there: dots are underscores, seconds and a total stand at the end.
/// Source: "Prometheus and OpenMetrics Compatibility" of OpenTelemetry, "Exposition formats" of Prometheus.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public const string OnlyGauges = "# Requests, turns and messages are counted with the setting metrics: --metrics on.\n";

    public static string Of(IReadOnlyList<MetricValues> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.OrderBy(metric => metric.Instrument.Name, StringComparer.Ordinal))
            Write(text, metric);
        return text.ToString();
    }

    /// <summary>Writes attributes as the labels of a value, without the braces around them.</summary>
    public static void WriteLabels(IBufferWriter<char> text, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        var isFirst = true;
        foreach (var (name, value) in attributes)
        {
            if (!isFirst)
                text.Write(",");
            isFirst = false;
            var written = text.GetSpan(name.Length)[..name.Length];
            name.CopyTo(written);
            written.Replace('.', '_');
            text.Advance(name.Length);
            text.Write("=\"");
            WriteEscaped(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Write("\"");
        }
    }

    private static void WriteEscaped(IBufferWriter<char> text, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny('\\', '"', '\n') is >= 0 and var at)
        {
            text.Write(value[..at]);
            text.Write(value[at] switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                _ => @"\n",
            });
            value = value[(at + 1)..];
        }
        text.Write(value);
    }

    private static void Write(StringBuilder text, MetricValues metric)
    {
        var name = NameOf(metric.Instrument);
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {metric.Instrument.Description}\n# TYPE {name} {TypeOf(metric)}\n");
        foreach (var series in metric.Series)
        {
            if (metric.Boundaries is null)
                Write(text, name, series.Labels, series.Sum);
            else
                WriteHistogram(text, name, series, metric.Boundaries);
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, SeriesValue series, IReadOnlyList<double> boundaries)
    {
        var labels = series.Labels.Length == 0 ? "" : series.Labels + ",";
        long below = 0;
        for (var i = 0; i <= boundaries.Count; i++)
        {
            below += series.Buckets[i];
            Write(text, name + "_bucket", labels + (i < boundaries.Count ? string.Create(CultureInfo.InvariantCulture, $"le=\"{boundaries[i]}\"") : "le=\"+Inf\""), below);
        }
        Write(text, name + "_sum", series.Labels, series.Sum);
        Write(text, name + "_count", series.Labels, series.Count);
    }

    private static void Write(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument is Counter<long> ? name + "_total" : name;
    }

    private static string TypeOf(MetricValues metric) => metric.Boundaries is not null ? "histogram" : metric.Instrument is Counter<long> ? "counter" : "gauge";
}
