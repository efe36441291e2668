using System.Globalization;
using System.Text;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Looks;

/// <summary>How the likelihood converges: to the closed form where the score is a Gaussian's, and to itself on pictures of the starter.</summary>
internal static class LikelihoodChart
{
    private const double Deviation = 0.5;

    private static readonly int[] Dimensions = [8, 64, 3072], Steps = [5, 10, 20, 50, 100, 150];

    /// <summary>Relative error against the closed form, as a table and as an SVG.</summary>
    public static void Run(string? chart)
    {
        var levels = TrainingLevels.Of("DDPMScheduler", new SamplerConfig());
        Console.WriteLine($"| dimensions | {string.Join(" | ", Steps.Select(steps => $"{steps} steps"))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", Steps.Length))}");
        var errors = Dimensions.Select(length => Steps.Select(steps => ErrorOf(levels, length, steps)).ToArray()).ToArray();
        for (int i = 0; i < Dimensions.Length; i++)
            Console.WriteLine($"| {Dimensions[i]} | {string.Join(" | ", errors[i].Select(one => one.ToString("P3", CultureInfo.InvariantCulture)))} |");
        if (chart is not null) File.WriteAllText(chart, Draw(errors));
    }

    /// <summary>A picture of the starter's own, the same with noise, and noise alone.</summary>
    public static async Task RunStarterAsync()
    {
        await using var server = await StartedServer.StartAsync();
        var starter = new StarterPictures(server);
        var apple = await starter.MakeAsync("apple", 1);
        var random = new Random(1);
        Picture Mixed(double share) => new(apple.Width, apple.Height, 3,
            [.. apple.Pixels.ToArray().Select(value => (byte)Math.Clamp((1 - share) * value + share * random.Next(256), 0, 255))]);
        Console.WriteLine("| picture | steps | 1 probe | 2 probes | 4 probes | 8 probes |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, picture) in ((string, Picture)[])[("apple", apple), ("a quarter noise", Mixed(0.25)), ("noise", Mixed(1))])
            foreach (int steps in (int[])[10, 50, 150])
            {
                var cells = new List<string>();
                foreach (int probes in (int[])[1, 2, 4, 8])
                {
                    var answer = await starter.PostAsync("likelihood", new()
                    {
                        ["image"] = StarterPictures.Encoded(picture), ["steps"] = steps, ["probes"] = probes, ["seed"] = 1,
                    });
                    string error = answer["error"] is { } bar ? $" ± {(double)bar:F4}" : "";
                    cells.Add(string.Create(CultureInfo.InvariantCulture, $"{(double)answer["bits_per_dim"]!:F4}{error}"));
                }
                Console.WriteLine($"| {name} | {steps} | {string.Join(" | ", cells)} |");
            }
    }

    private static double ErrorOf(TrainingLevels levels, int length, int steps)
    {
        var values = new float[length];
        SeededNoise.Create(NoiseGenerator.TorchCpu, 5).Normal(values);
        for (int i = 0; i < length; i++) values[i] *= (float)Deviation;
        var run = new LikelihoodRun(levels, steps, 4, values, null, 1, together: 8);
        while (run.Wanted.Count > 0)
        {
            var level = levels[(int)run.Timestep];
            double factor = level.Sigma / (level.Alpha * level.Alpha * Deviation * Deviation + level.Sigma * level.Sigma);
            run.Take([.. run.Wanted.Select(point => (ReadOnlyMemory<float>)point.Noised.Select(value => (float)(factor * value)).ToArray())]);
        }
        double exact = -0.5 * (values.Sum(value => value * (double)value) / (Deviation * Deviation) + length * Math.Log(2 * Math.PI * Deviation * Deviation));
        return Math.Abs(run.LogLikelihood / exact - 1);
    }

    /// <summary>Both axes by their logarithms; dark on light, so that it is read on any page.</summary>
    private static string Draw(double[][] errors)
    {
        const int Width = 640, Height = 360, Left = 70, Top = 20, Right = 120, Bottom = 45;
        double low = Math.Floor(Math.Log10(errors.SelectMany(row => row).Min())), high = Math.Ceiling(Math.Log10(errors.SelectMany(row => row).Max()));
        double X(int steps) => Left + (Width - Left - Right) * Math.Log(steps / (double)Steps[0]) / Math.Log(Steps[^1] / (double)Steps[0]);
        double Y(double error) => Top + (Height - Top - Bottom) * (high - Math.Log10(error)) / (high - low);
        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        for (double power = low; power <= high; power++)
        {
            double y = Y(Math.Pow(10, power));
            Add($"<path d=\"M{Left} {y:F1}H{Width - Right}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{Math.Pow(10, power + 2):G3} %</text>");
        }
        foreach (int steps in Steps) Add($"<text x=\"{X(steps):F1}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{steps}</text>");
        Add($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">steps</text>");
        string[] colours = ["#1b6ca8", "#c2410c", "#15803d"];
        for (int row = 0; row < errors.Length; row++)
        {
            string points = string.Join(' ', Steps.Select((steps, i) => FormattableString.Invariant($"{X(steps):F1},{Y(errors[row][i]):F1}")));
            Add($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colours[row]}\" stroke-width=\"2\"/>");
            // Names stand one below the other: the lines lie upon each other.
            Add($"<text x=\"{Width - Right + 8}\" y=\"{Top + 14 + 18 * row}\" fill=\"{colours[row]}\">{Dimensions[row]:N0} values</text>");
        }
        return svg.AppendLine("</svg>").ToString();
    }
}
