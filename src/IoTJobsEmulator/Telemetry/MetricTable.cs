using System.Buffers;
using System.Diagnostics.Metrics;

namespace IoTJobsEmulator.Telemetry;

/// <summary>The values of the instruments of one Meter, by their attributes.</summary>
internal sealed class MetricTable : IDisposable
{
    private readonly Lock _reading = new();
    private readonly List<Metric> _metrics = [];
    private readonly MeterListener _listener = new();

    /// <param name="meter">The meter, whose instruments are all there.</param>
    /// <param name="counts">Whether counters and histograms are followed from now on; else only what is observed at each reading is there.</param>
    public MetricTable(Meter meter, bool counts)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter || !(counts || instrument.IsObservable))
                return;
            var metric = new Metric(instrument);
            _metrics.Add(metric);
            listener.EnableMeasurementEvents(instrument, metric);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, attributes, metric) => ((Metric)metric!).Record(value, attributes));
        _listener.SetMeasurementEventCallback<int>(static (_, value, attributes, metric) => ((Metric)metric!).Record(value, attributes));
        _listener.SetMeasurementEventCallback<double>(static (_, value, attributes, metric) => ((Metric)metric!).Record(value, attributes));
        _listener.Start();
    }

    /// <summary>Observes what is observable, and answers all metrics.</summary>
    public IReadOnlyList<MetricValues> Read()
    {
        lock (_reading)
        {
            foreach (var metric in _metrics.Where(metric => metric.Instrument.IsObservable))
                metric.Clear();
            _listener.RecordObservableInstruments();
            return [.. _metrics.Select(metric => metric.Values())];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>The values of one instrument.</summary>
    private sealed class Metric(Instrument instrument)
    {
        /// <summary>As many as OpenTelemetry's SDK keeps. What is too much is added up in one more.</summary>
        private const int MaxSeries = 2000;

        private const string Overflow = "otel_metric_overflow=\"true\"";

        private readonly Lock _sync = new();
        private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
        private readonly ArrayBufferWriter<char> _labels = new();
        private readonly IReadOnlyList<double>? _boundaries = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;

        public Instrument Instrument => instrument;

        public void Clear()
        {
            lock (_sync)
                _series.Clear();
        }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
        {
            lock (_sync)
            {
                _labels.ResetWrittenCount();
                PrometheusText.WriteLabels(_labels, attributes);
                var found = _series.GetAlternateLookup<ReadOnlySpan<char>>();
                if (!found.TryGetValue(_labels.WrittenSpan, out var series))
                    series = Add();
                series.Record(value, _boundaries);
            }
        }

        public MetricValues Values()
        {
            lock (_sync)
                return new(instrument, _boundaries, [.. _series.OrderBy(series => series.Key, StringComparer.Ordinal).Select(series => series.Value.At(series.Key))]);
        }

        private Series Add()
        {
            var labels = _series.Count < MaxSeries ? _labels.WrittenSpan.ToString() : Overflow;
            if (!_series.TryGetValue(labels, out var series))
                _series.Add(labels, series = new(_boundaries));
            return series;
        }
    }

    private sealed class Series(IReadOnlyList<double>? boundaries)
    {
        private readonly long[] _buckets = boundaries is null ? [] : new long[boundaries.Count + 1];
        private double _sum;
        private long _count;

        public void Record(double value, IReadOnlyList<double>? boundaries)
        {
            _sum += value;
            _count++;
            if (boundaries is null)
                return;
            var bucket = 0;
            while (bucket < boundaries.Count && value > boundaries[bucket])
                bucket++;
            _buckets[bucket]++;
        }

        public SeriesValue At(string labels) => new(labels, _sum, _count, [.. _buckets]);
    }
}

/// <summary>One metric as it was read.</summary>
/// <param name="Instrument">Its name, unit and description.</param>
/// <param name="Boundaries">Of a histogram: the upper ends of its buckets but for the last, which has none.</param>
/// <param name="Series">A value for each combination of attributes, in order of their text.</param>
internal sealed record MetricValues(Instrument Instrument, IReadOnlyList<double>? Boundaries, IReadOnlyList<SeriesValue> Series);

/// <summary>One value.</summary>
/// <param name="Labels">Its attributes as Prometheus writes them.</param>
/// <param name="Sum">The value; of a histogram the sum of all.</param>
/// <param name="Count">How many were recorded.</param>
/// <param name="Buckets">Of a histogram: how many were recorded in each bucket.</param>
internal sealed record SeriesValue(string Labels, double Sum, long Count, IReadOnlyList<long> Buckets);
