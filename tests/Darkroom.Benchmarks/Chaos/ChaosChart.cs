using System.Globalization;
using System.Text;
using Darkroom.TestKit.Chaos;

namespace Darkroom.Benchmarks.Chaos;

/// <summary>What the process had over time as an SVG: memory, threads and descriptors, each in a strip of its own that begins at 0.</summary>
internal static class ChaosChart
{
    private const double Width = 720, Strip = 130, Left = 60, Right = 20, Top = 34, Gap = 34;

    public static string Draw(IReadOnlyList<ProcessReading> readings)
    {
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Top + 3 * (Strip + Gap)}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        Plot(svg, 0, "resident memory, MiB (dashed: what no file backs)", readings, one => one.ResidentMiB, one => one.AnonymousMiB);
        Plot(svg, 1, "threads", readings, one => one.Threads);
        Plot(svg, 2, "descriptors", readings, one => one.Descriptors);
        return svg.Append("</svg>").AppendLine().ToString();
    }

    private static void Plot(StringBuilder svg, int row, string title, IReadOnlyList<ProcessReading> readings, params Func<ProcessReading, double>[] values)
    {
        double top = Top + row * (Strip + Gap), bottom = top + Strip, max = readings.Max(values[0]) * 1.1, minutes = readings[^1].At.TotalMinutes;
        Add(svg, $"<text x=\"{Left}\" y=\"{top - 8}\" font-weight=\"bold\">{title}</text>");
        for (int tick = 0; tick <= 4; tick++)
        {
            double y = bottom - tick * Strip / 4, x = Left + tick * (Width - Left - Right) / 4;
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"#dddddd\"/>");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{max * tick / 4:F0}</text>");
            if (row == 2) Add(svg, $"<text x=\"{x:F1}\" y=\"{bottom + 18:F1}\" text-anchor=\"middle\">{minutes * tick / 4:F0} min</text>");
        }
        for (int i = 0; i < values.Length; i++)
        {
            string points = string.Join(' ', readings.Select(one => string.Create(CultureInfo.InvariantCulture,
                $"{Left + one.At.TotalMinutes / minutes * (Width - Left - Right):F1},{bottom - values[i](one) / max * Strip:F1}")));
            Add(svg, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"{(i > 0 ? " stroke-dasharray=\"5 4\"" : "")}/>");
        }
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
