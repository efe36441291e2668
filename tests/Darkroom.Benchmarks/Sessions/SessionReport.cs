using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>The tables of one subject, in Markdown: the default in figures, everything else as a ratio to it.</summary>
internal sealed class SessionReport(SessionRun run)
{
    private readonly SessionVariant standard = run.Variants.Default;

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"#### {run.Subject.Name}: {run.Variants.Name}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{run.Loads[standard].Count} rounds; others used {run.Others:F2} cores meanwhile.");
        text.AppendLine();
        Variants(text);
        if (run.TwoAtOnce.Count > 0) AtOnce(text);
        return text.ToString();
    }

    private void Variants(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| variant | {string.Join(" | ", run.Subject.Rows.Select(rows => $"{rows} row{(rows == 1 ? "" : "s")}"))} | load ms | " +
            $"resident MiB | idle burn ms |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("--:|", run.Subject.Rows.Count + 3))}");
        foreach (var variant in run.Variants.All)
        {
            var cells = run.Subject.Rows.Select(rows => Cell(variant, rows));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {variant.Name} | {string.Join(" | ", cells)} | {Middle.Of(run.Loads[variant]).Median:F0} | {run.Resident[variant]:F0} | " +
                $"{Middle.Of(run.Burns[variant]).Median:F1} |");
        }
    }

    private string Cell(SessionVariant variant, int rows)
    {
        var own = run.Calls[(variant, rows)];
        var other = run.Calls[(standard, rows)];
        return variant == standard
            ? string.Create(CultureInfo.InvariantCulture,
                $"{Middle.Of(own.Select(call => call.Wall)).Median:F2} ms; {Middle.Of(own.Select(call => call.Processor)).Median:F2} ms")
            : $"{Ratio(own.Select(call => call.Wall), other.Select(call => call.Wall))}; " +
                $"{Ratio(own.Select(call => call.Processor), other.Select(call => call.Processor))}";
    }

    /// <summary>Rows a second in several ways to spend two cores.</summary>
    private void AtOnce(StringBuilder text)
    {
        string[] names = [.. SessionRun.Pairs.Where(name => run.Variants.All.Any(variant => variant.Name == name))];
        if (names.Length < 2) return;
        text.AppendLine();
        text.AppendLine("Rows a second, against one call after another of the default:");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| rows of a call | default, rows/s | {string.Join(" | ", names.Select(name => $"two at once, {name}"))} | one call of twice the rows |");
        text.AppendLine($"|--:|--:|{string.Concat(Enumerable.Repeat("--:|", names.Length + 1))}");
        foreach (int rows in run.Subject.Rows)
        {
            double[] one = [.. run.Calls[(standard, rows)].Select(call => call.Wall)];
            var cells = names.Select(name => Ratio(one.Select(ms => 2 * ms), run.TwoAtOnce[(run.Variants.Find(name), rows)]))
                .Append(run.Calls.TryGetValue((standard, rows * 2), out var twice) ? Ratio(one.Select(ms => 2 * ms), twice.Select(call => call.Wall)) : "–");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {rows} | {1000 * rows / Middle.Of(one).Median:F0} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Ratio(IEnumerable<double> values, IEnumerable<double> reference)
    {
        var middle = Middle.Of(values.Zip(reference, (value, other) => value / other));
        return string.Create(CultureInfo.InvariantCulture, $"{middle.Median:F2} ± {middle.Deviation:F2}");
    }
}
