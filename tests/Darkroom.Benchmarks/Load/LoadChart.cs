using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Load;

/// <summary>
/// The open-loop points of a run as an SVG: latency over load, p50 dashed and p99 solid, a colour for each configuration, seconds on a logarithmic axis.
/// </summary>
internal static class LoadChart
{
    private const double Width = 720, Height = 420, Left = 70, Right = 170, Top = 46, Bottom = 54;

    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    public static string Draw(LoadRun run)
    {
        var points = run.Points.Where(point => point.Load is not null && point.Latency.Count > 0).ToArray();
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"22\" font-size=\"15\" font-weight=\"bold\">Latency over load</text>");
        if (points.Length > 0) Plot(svg, run, points);
        return svg.Append("</svg>").AppendLine().ToString();
    }

    private static void Plot(StringBuilder svg, LoadRun run, LoadPoint[] points)
    {
        double lowest = points.Min(point => point.Latency.P50), highest = points.Max(point => point.Latency.P99),
            most = Math.Max(1, points.Max(point => point.Load!.Value)) * 1.05;
        // Ends on 1, 2 or 5 times a power of ten, as the labels.
        double[] ticks = [.. Enumerable.Range(-4, 10).SelectMany(power => new[] { 1, 2, 5 }.Select(digit => digit * Math.Pow(10, power)))];
        double bottom = ticks.Last(tick => tick <= lowest), top = ticks.First(tick => tick >= highest);

        double X(double load) => Left + load / most * (Width - Left - Right);
        double Y(double seconds) => Height - Bottom - Math.Log(seconds / bottom) / Math.Log(top / bottom) * (Height - Top - Bottom);

        foreach (double tick in ticks.Where(tick => tick >= bottom && tick <= top))
        {
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:0.####} s</text>");
        }
        foreach (double load in points.Select(point => point.Load!.Value).Distinct())
        {
            Add(svg, $"<line x1=\"{X(load):F1}\" x2=\"{X(load):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{X(load):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{load:0.##}</text>");
        }
        double middle = (Left + Width - Right) / 2;
        Add(svg, $"<text x=\"{middle}\" y=\"{Height - 14}\" text-anchor=\"middle\">offered load, as a share of {run.UsedCapacity:F1} pictures/s</text>");

        for (int i = 0; i < run.Configurations.Count; i++)
        {
            var configuration = run.Configurations[i];
            string colour = Colours[i % Colours.Length];
            var own = points.Where(point => point.Configuration == configuration).OrderBy(point => point.Load).ToArray();
            Line(own, point => point.Latency.P50, " stroke-dasharray=\"5 4\"");
            Line(own, point => point.Latency.P99, "");
            Legend(2 * i, $"{configuration.Name} p99", "");
            Legend(2 * i + 1, $"{configuration.Name} p50", " stroke-dasharray=\"5 4\"");

            void Line(LoadPoint[] line, Func<LoadPoint, double> seconds, string dash)
            {
                string path = string.Join(' ',
                    line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Load!.Value):F1},{Y(seconds(point)):F1}")));
                Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>");
                foreach (var point in line) Add(svg, $"<circle cx=\"{X(point.Load!.Value):F1}\" cy=\"{Y(seconds(point)):F1}\" r=\"3.5\" fill=\"{colour}\"/>");
            }

            void Legend(int row, string name, string dash)
            {
                double y = Top + 12 + row * 20;
                Add(svg, $"<line x1=\"{Width - Right + 14}\" x2=\"{Width - Right + 42}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>");
                Add(svg, $"<text x=\"{Width - Right + 48}\" y=\"{y + 4}\">{System.Security.SecurityElement.Escape(name)}</text>");
            }
        }
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
