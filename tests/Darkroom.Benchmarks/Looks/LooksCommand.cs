using System.CommandLine;

namespace Darkroom.Benchmarks.Looks;

/// <summary>What denoise, classify and likelihood come to, on pictures of the starter and on what is known in closed form.</summary>
internal static class LooksCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = "denoise, classify, likelihood or corner." };
        var chart = new Option<string?>("--chart")
        {
            Description = "likelihood: an SVG file of how it converges; denoise: a PNG file of what it makes, in the place of the table; "
                + "corner: a PNG file of what 8 bits lose.",
        };
        var command = new Command(
            "looks", "Prints the tables and draws the pictures of docs/denoise.md, docs/classify.md, docs/likelihood.md and docs/scientific-data.md.")
            { what, chart };
        command.SetAction(async (parsed, _) =>
        {
            switch (parsed.GetRequiredValue(what))
            {
                case "denoise":
                    if (parsed.GetValue(chart) is { } file) await DenoiseTable.DrawAsync(file);
                    else await DenoiseTable.RunAsync();
                    return 0;
                case "classify":
                    await ClassifyTable.RunAsync();
                    return 0;
                case "likelihood":
                    LikelihoodChart.Run(parsed.GetValue(chart));
                    await LikelihoodChart.RunStarterAsync();
                    return 0;
                case "corner":
                    await CornerPicture.DrawAsync(parsed.GetValue(chart) ?? "corner.png");
                    return 0;
                case var other:
                    Console.Error.WriteLine($"There is no '{other}'; there are denoise, classify, likelihood and corner.");
                    return 2;
            }
        });
        return command;
    }
}
