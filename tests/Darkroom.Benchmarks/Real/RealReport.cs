using System.Globalization;
using System.Text;
using Darkroom.Benchmarks.Sessions;

namespace Darkroom.Benchmarks.Real;

/// <summary>The table of one subject, in Markdown.</summary>
internal sealed class RealReport(RealRun run)
{
    private static readonly (RealFigure Figure, string Title, string Format)[] Columns =
    [
        (RealFigure.Load, "start to first step, s", "F2"), (RealFigure.Step, "guided step, s", "F2"), (RealFigure.Decode, "VAE decode, s", "F2"),
        (RealFigure.Text, "two texts, s", "F3"), (RealFigure.Loaded, "loaded, MiB", "F0"), (RealFigure.StepPeak, "peak, load and steps, MiB", "F0"),
        (RealFigure.DecodePeak, "peak, VAE, MiB", "F0"), (RealFigure.Resting, "at rest, MiB", "F0"),
    ];

    /// <summary>What the figures of all subjects mean.</summary>
    public const string Legend =
        "Medians of the rounds. In brackets: plain ONNX Runtime's figure over this one's of the same round, median ± median absolute deviation; above 1 is "
        + "better. Start: of the process, until the denoiser's first call begins, texts encoded, files in the page cache as far as there is room, their memory "
        + "touched before. MiB are resident memory, mapped files included. The checkpoint is float16, as people download it; the exported graphs are float32.";

    public string Text()
    {
        var text = new StringBuilder();
        var options = run.Options;
        text.AppendLine(CultureInfo.InvariantCulture, $"#### {run.Subject.Name}");
        text.AppendLine();
        string memory = run.Together ? "all in memory at once" : "one in memory at a time";
        string threads = options.Threads > 0 ? $"{options.Threads} threads" : "threads as each chooses";
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{options.Rounds} rounds of {options.Calls} calls; {memory}; {Environment.ProcessorCount} cores, {threads}; others used " +
            $"{Middle.Of(run.Others).Median:F2} cores meanwhile, {run.Others.DefaultIfEmpty().Max():F2} at most.");
        text.AppendLine();
        text.AppendLine($"| | {string.Join(" | ", Columns.Select(column => column.Title))} | answer differs by |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("--:|", Columns.Length + 1))}");
        foreach (var contestant in run.Contestants)
        {
            string differs = contestant.IsPlain ? "–" : run.Furthest[contestant].ToString("0.0e0", CultureInfo.InvariantCulture);
            var cells = Columns.Select(column => Cell(contestant, column.Figure, column.Format));
            text.AppendLine($"| {contestant.Name} | {string.Join(" | ", cells)} | {differs} |");
        }
        return text.ToString();
    }

    private string Cell(Contestant contestant, RealFigure figure, string format)
    {
        var own = run.Figures[(contestant, figure)];
        string value = Middle.Of(own).Median.ToString(format, CultureInfo.InvariantCulture);
        if (contestant.IsPlain) return value;
        var ratio = Middle.Of(run.Figures[(Contestant.Plain, figure)].Zip(own, (plain, other) => plain / other));
        return string.Create(CultureInfo.InvariantCulture, $"{value} ({ratio.Median:F2} ± {ratio.Deviation:F2})");
    }
}
