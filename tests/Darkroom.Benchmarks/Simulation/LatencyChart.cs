using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>Draws latency over offered load, mean and p99 side by side, as one SVG without scripts or fonts of its own.</summary>
internal static class LatencyChart
{
    private const double Width = 960, Height = 470, Top = 78, Bottom = 392, PanelWidth = 390, Least = 0.2, Most = 20;
    private const int Jobs = 4000, Seed = 2;
    private static readonly double[] Lefts = [72, 540];

    private static readonly (string Name, string Label, string Colour, string Dash)[] Servers =
    [
        ("Darkroom", "Darkroom", "#c2410c", ""), ("static batches", "static batches of up to 8", "#0e7490", "7 4"),
        ("serial", "one request after the other", "#4b5563", "2 3"),
        ("shortest first", "shortest first: the same for equal requests", "#a3a3a3", "12 5"),
    ];

    public static string Draw(TrueCosts costs)
    {
        var mix = new Mix();
        double most = mix.Capacity(costs, maxBatch: 8);
        double[] rates = [.. Enumerable.Range(1, 42).Select(static i => i * 0.25)];
        var curves = new Dictionary<string, List<(double Rate, double Mean, double P99)>>();
        foreach (double rate in rates.Where(rate => rate <= most))
            foreach (var (server, run) in Simulate.Compare(costs, () => Traffic.Open(mix, Jobs, rate, Seed)))
            {
                var figures = Figures.Of(run, costs);
                if (!curves.TryGetValue(server.Name, out var curve)) curves[server.Name] = curve = [];
                curve.Add((rate, figures.Mean, figures.P99));
            }

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">
            <rect width="{Width}" height="{Height}" fill="#ffffff"/>
            <text x="72" y="28" font-size="17" font-weight="600">Latency over offered load: SD1.5, 512 x 512, 20 steps, on one H100</text>
            <text x="72" y="48" font-size="12" fill="#6b7280">Simulated from published call times. Poisson arrivals;
            from arrival to the decoded picture. Curves end where a server cannot keep up.</text>

            """);
        Panel(svg, Lefts[0], "mean", most, curves, static point => point.Mean);
        Panel(svg, Lefts[1], "99th percentile", most, curves, static point => point.P99);
        Legend(svg);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, double left, string title, double most,
        Dictionary<string, List<(double Rate, double Mean, double P99)>> curves,
        Func<(double Rate, double Mean, double P99), double> value)
    {
        double right = left + PanelWidth, span = Math.Ceiling(most);
        double X(double rate) => left + PanelWidth * rate / span;
        svg.Append(CultureInfo.InvariantCulture,
            $"""<clipPath id="p{left}"><rect x="{left}" y="{Top}" width="{PanelWidth}" height="{Bottom - Top}"/></clipPath>""").Append('\n');
        foreach (double seconds in (double[])[0.2, 0.5, 1, 2, 5, 10, 20])
            svg.Append(CultureInfo.InvariantCulture,
                $"""<line x1="{left}" y1="{Y(seconds):F1}" x2="{right}" y2="{Y(seconds):F1}" stroke="#e5e7eb"/><text x="{left - 8}" """ +
                $"""y="{Y(seconds) + 4:F1}" text-anchor="end">{seconds}</text>""").Append('\n');
        for (int rate = 0; rate <= span; rate++)
            svg.Append(CultureInfo.InvariantCulture,
                $"""<line x1="{X(rate):F1}" y1="{Bottom}" x2="{X(rate):F1}" y2="{Bottom + 5}" stroke="#9ca3af"/><text x="{X(rate):F1}" y="{Bottom + 19}" """ +
                $"""text-anchor="middle">{rate}</text>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""
            <path d="M{left} {Top}V{Bottom}H{right}" fill="none" stroke="#9ca3af"/>
            <line x1="{X(most):F1}" y1="{Top}" x2="{X(most):F1}" y2="{Bottom}" stroke="#9ca3af" stroke-dasharray="1 4"/>
            <text x="{X(most) - 6:F1}" y="{Bottom - 8}" text-anchor="end" fill="#6b7280">the device at best: {most:F1}/s</text>
            <text x="{left}" y="{Top - 8}" font-weight="600">{title}, seconds (logarithmic)</text>
            <text x="{left + PanelWidth / 2}" y="{Bottom + 38}" text-anchor="middle">offered load, pictures a second</text>

            """);
        foreach (var (name, _, colour, dash) in Servers.Reverse())
        {
            string points = string.Join(' ',
                curves[name].Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Rate):F1},{Y(value(point)):F1}")));
            svg.Append(CultureInfo.InvariantCulture,
                $"""<polyline clip-path="url(#p{left})" points="{points}" fill="none" stroke="{colour}" stroke-width="{(name == "Darkroom" ? 3 : 2)}" """ +
                $"""stroke-dasharray="{dash}" stroke-linejoin="round"/>""").Append('\n');
        }
    }

    private static void Legend(StringBuilder svg)
    {
        double[] at = [72, 176, 384, 600];
        foreach (var ((name, label, colour, dash), x) in Servers.Zip(at))
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{x}" y1="{Height - 14}" x2="{x + 26}" y2="{Height - 14}" stroke="{colour}"
                  stroke-width="{(name == "Darkroom" ? 3 : 2)}" stroke-dasharray="{dash}"/>
                <text x="{x + 32}" y="{Height - 10}" font-size="12">{label}</text>

                """);
    }

    private static double Y(double seconds) => Bottom - (Bottom - Top) * Math.Log(Math.Clamp(seconds, Least / 2, Most * 4) / Least) / Math.Log(Most / Least);
}
