using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Darkroom.TestKit;

/// <summary>
/// Meters that write down what they are asked to make and the labels that are recorded with it: a section of <c>docs/metrics.md</c>, which is the contract with
/// dashboards.
/// </summary>
public sealed class MetricSheet : IMeterFactory
{
    private static readonly string Document = Path.Combine(Repository.Root, "docs", "metrics.md");

    private readonly List<Meter> meters = [];
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, byte>> labels = new();

    public MetricSheet()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope != this) return;
            labels[instrument] = new(StringComparer.Ordinal);
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Scope = this;
        lock (meters)
        {
            meters.Add(new(options));
            return meters[^1];
        }
    }

    /// <summary>The section as it should be, and as the document has it; where <c>DARKROOM_APPROVE=1</c> it is written first.</summary>
    /// <param name="title">Heading of the section.</param>
    /// <param name="without">Beginnings of names that belong elsewhere.</param>
    public (string Wanted, string Found) Section(string title, params string[] without)
    {
        listener.RecordObservableInstruments();
        string wanted = Text(without);
        string text = File.ReadAllText(Document);
        int begin = text.IndexOf($"## {title}\n\n", StringComparison.Ordinal) + title.Length + 5;
        if (begin < title.Length + 5) throw new InvalidOperationException($"{Document} has no section '{title}'.");
        int end = Math.Max(begin, text.IndexOf("\n## ", begin - 1, StringComparison.Ordinal) is >= 0 and var next ? next : text.Length);
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1")
        {
            File.WriteAllText(Document, text[..begin] + wanted + (end == begin ? "\n" : "") + text[end..]);
            return (wanted, wanted);
        }
        return (wanted, text[begin..end]);
    }

    public void Dispose()
    {
        listener.Dispose();
        foreach (var meter in meters) meter.Dispose();
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags) labels[instrument].TryAdd(tag.Key, 0);
    }

    private string Text(string[] without)
    {
        var text = new StringBuilder("| metric | in Prometheus | kind | unit | labels | what |\n|---|---|---|---|---|---|\n");
        var histograms = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (instrument, names) in labels.OrderBy(one => one.Key.Name, StringComparer.Ordinal))
        {
            if (without.Any(begin => instrument.Name.StartsWith(begin, StringComparison.Ordinal))) continue;
            text.Append(CultureInfo.InvariantCulture, $"| `{instrument.Name}` | `{Prometheus(instrument)}` | {Kind(instrument)} | `{instrument.Unit}` ")
                .Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", names.Keys.Order(StringComparer.Ordinal).Select(name => $"`{name}`"))} ")
                .Append(CultureInfo.InvariantCulture, $"| {instrument.Description} |\n");
            if (Buckets(instrument) is { } buckets) histograms.Add($"`{instrument.Name}`: {buckets}");
        }
        if (histograms.Count > 0) text.Append("\nBuckets:\n\n");
        foreach (string histogram in histograms) text.Append("- ").Append(histogram).Append('\n');
        return text.ToString();
    }

    private static string Kind(Instrument instrument)
    {
        string name = instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);
        return name switch { "UpDownCounter" => "gauge", _ => name.ToLowerInvariant() };
    }

    private static string? Buckets(Instrument instrument) => instrument switch
    {
        Histogram<double> of => string.Join(", ", Boundaries(of).Select(one => one.ToString(CultureInfo.InvariantCulture))),
        Histogram<int> of => string.Join(", ", Boundaries(of)),
        _ => null,
    };

    private static IReadOnlyList<T> Boundaries<T>(Histogram<T> of) where T : struct => of.Advice?.HistogramBucketBoundaries
        ?? throw new InvalidOperationException($"{of.Name} has no buckets of its own, and the usual ones are for milliseconds.");

    /// <summary>As the exporter for Prometheus spells it.</summary>
    private static string Prometheus(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_');
        string unit = instrument.Unit switch { "s" => "seconds", "By" => "bytes", _ => "" }; // what is in braces is only a remark
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += "_" + unit;
        return Kind(instrument) == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }
}
