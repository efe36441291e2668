using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>The tables of one subject, in Markdown: the default in figures, everything else as a ratio to it.</summary>
internal sealed class SessionReport(SessionRun run)
{
    private static readonly SessionVariant Default = SessionVariant.All[0];

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"#### {run.Subject.Name}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Others used {run.Others:F2} cores meanwhile.");
        text.AppendLine();
        Variants(text);
        text.AppendLine();
        AtOnce(text);
        return text.ToString();
    }

    private void Variants(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| variant | {string.Join(" | ", run.Subject.Rows.Select(rows => $"{rows} row{(rows == 1 ? "" : "s")}"))} | load ms | resident MiB | processor ms in the 100 ms after a call |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("--:|", run.Subject.Rows.Count + 3))}");
        foreach (var variant in SessionVariant.All)
        {
            var cells = run.Subject.Rows.Select(rows => variant == Default ? Figure(run.Calls[(Default, rows)]) : Ratio(run.Calls[(variant, rows)], run.Calls[(Default, rows)]));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {variant.Name} | {string.Join(" | ", cells)} | {Middle.Of(run.Loads[variant]).Median:F0} | {run.Resident[variant]:F0} | {Middle.Of(run.Burns[variant]).Median:F1} |");
        }
    }

    /// <summary>Rows a second in three ways to spend two cores.</summary>
    private void AtOnce(StringBuilder text)
    {
        text.AppendLine("Rows a second, against one call of the default (a call with all threads):");
        text.AppendLine();
        text.AppendLine("| rows of a call | one call, default | two calls at once, default | two calls at once, no spinning | two calls at once, 1 thread each | one call of twice the rows, default |");
        text.AppendLine("|--:|--:|--:|--:|--:|--:|");
        foreach (int rows in run.Subject.Rows)
        {
            var one = run.Calls[(Default, rows)];
            double perSecond = 1000 * rows / Middle.Of(one).Median;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {rows} | {perSecond:F0} | {Gain("default")} | {Gain("no spinning")} | {Gain("1 thread")} | {(run.Calls.TryGetValue((Default, rows * 2), out var twice) ? Ratio(one.Select(ms => 2 * ms), twice) : "–")} |");

            string Gain(string name) => Ratio(one.Select(ms => 2 * ms), run.TwoAtOnce[(SessionVariant.All.Single(variant => variant.Name == name), rows)]);
        }
    }

    private static string Figure(IEnumerable<double> values) => Middle.Of(values) is var middle ? string.Create(CultureInfo.InvariantCulture, $"{middle.Median:F2} ms ± {middle.Deviation:F2}") : "";

    private static string Ratio(IEnumerable<double> values, IEnumerable<double> reference)
    {
        var middle = Middle.Of(values.Zip(reference, (value, other) => value / other));
        return string.Create(CultureInfo.InvariantCulture, $"{middle.Median:F2} ± {middle.Deviation:F2}");
    }
}
