using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>What happens from one worker to many as an SVG: claims a second above, times below on a logarithmic axis, p50 dashed and p99 solid.</summary>
internal static class ClusterChart
{
    private const double Width = 790, Strip = 220, Left = 70, Right = 250, Top = 40, Gap = 64;

    public static string Draw(IReadOnlyList<ClusterPoint> points)
    {
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Top + 2 * (Strip + Gap)}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        ClusterPoint[] paced = [.. points.Where(point => point.Step > TimeSpan.Zero)], bound = [.. points.Where(point => point.Step == TimeSpan.Zero)];
        double[] workers = [.. points.Select(point => (double)point.Workers).Distinct()];
        double max = Math.Max(1, points.Max(point => point.ClaimsPerSecond) * 1.1);
        double[] rates = [.. Enumerable.Range(0, 5).Select(tick => max * tick / 4)];
        Plot(svg, 0, "claims a second, all workers together", workers, rates, value => value / max,
            value => value.ToString("F0", CultureInfo.InvariantCulture),
            ("steps of 20 ms", "#0072b2", "", Line(paced, point => point.ClaimsPerSecond)),
            ("steps of no time", "#d55e00", "", Line(bound, point => point.ClaimsPerSecond)));
        var shown = paced.SelectMany(point => new[] { point.Tally.ClaimMs, point.Tally.EndMs, point.HighMs, point.ToldMs })
            .Where(one => one.Count > 0).ToArray();
        if (shown.Length > 0)
        {
            double low = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(0.01, shown.Min(one => one.P50)))));
            double high = Math.Pow(10, Math.Ceiling(Math.Log10(shown.Max(one => one.P99))));
            double[] ticks = [.. Enumerable.Range(0, (int)Math.Round(Math.Log10(high / low)) + 1).Select(power => low * Math.Pow(10, power))];
            Plot(svg, 1, "milliseconds, steps of 20 ms", workers, ticks, value => Math.Log(Math.Max(low, value) / low) / Math.Log(high / low),
                value => value.ToString("0.##", CultureInfo.InvariantCulture),
                [.. new (string, string, Func<ClusterPoint, Load.Spread>)[]
                {
                    ("claim", "#0072b2", point => point.Tally.ClaimMs), ("end", "#d55e00", point => point.Tally.EndMs),
                    ("high priority, to its claim", "#009e73", point => point.HighMs), ("end to answer elsewhere", "#cc79a7", point => point.ToldMs),
                }.SelectMany(one => new[]
                {
                    (one.Item1 + " p99", one.Item2, "", Line(paced, point => one.Item3(point).P99)),
                    (one.Item1 + " p50", one.Item2, " stroke-dasharray=\"5 4\"", Line(paced, point => one.Item3(point).P50)),
                })]);
        }
        return svg.Append("</svg>").AppendLine().ToString();
    }

    private static (double X, double Y)[] Line(ClusterPoint[] points, Func<ClusterPoint, double> value) =>
        [.. points.Select(point => ((double)point.Workers, value(point)))];

    private static void Plot(
        StringBuilder svg, int row, string title, double[] workers, double[] ticks, Func<double, double> share, Func<double, string> label,
        params (string Name, string Colour, string Dash, (double X, double Y)[] Points)[] lines)
    {
        double top = Top + row * (Strip + Gap), bottom = top + Strip, most = Math.Max(2, workers.Max());
        // By the logarithm: one worker more matters where there are few.
        double X(double count) => Left + 10 + Math.Log(count) / Math.Log(most) * (Width - Left - Right - 20);
        double Y(double value) => bottom - share(value) * Strip;
        Add(svg, $"<text x=\"{Left}\" y=\"{top - 10}\" font-weight=\"bold\">{title}</text>");
        foreach (double tick in ticks)
        {
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{label(tick)}</text>");
        }
        foreach (double count in workers)
            Add(svg, $"<text x=\"{X(count):F1}\" y=\"{bottom + 18:F1}\" text-anchor=\"middle\">{count}</text>");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{bottom + 36:F1}\" text-anchor=\"middle\">workers</text>");
        for (int i = 0; i < lines.Length; i++)
        {
            var (name, colour, dash, points) = lines[i];
            string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
            Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>");
            foreach (var (x, y) in points) Add(svg, $"<circle cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"3\" fill=\"{colour}\"/>");
            double at = top + 10 + i * 19;
            Add(svg, $"<line x1=\"{Width - Right + 12}\" x2=\"{Width - Right + 38}\" y1=\"{at}\" y2=\"{at}\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>");
            Add(svg, $"<text x=\"{Width - Right + 44}\" y=\"{at + 4}\">{name}</text>");
        }
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
