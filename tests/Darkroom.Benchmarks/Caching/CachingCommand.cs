using System.CommandLine;
using System.Globalization;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Benchmarks.Caching;

/// <summary>
/// <c>caching</c>: what asking the network less costs and saves. Every variant draws every picture, by turns, and is compared with the picture as it is.
/// </summary>
internal static class CachingCommand
{
    private const int Zoom = 2;

    /// <summary>Things that the starter knows well.</summary>
    private static readonly string[] Things =
    [
        "red apple", "banana", "strawberry", "watermelon", "lemon", "pineapple", "carrot", "mushroom", "pizza", "hamburger", "doughnut", "cupcake", "teapot",
        "fox", "owl", "penguin",
    ];

    private static readonly string[] Places =
        [", 3d render", ", 3d icon", ", 3d render, on a light blue background", ", 3d render, on a yellow background"];

    public static RootCommand Create()
    {
        var pictures = new Option<int>("--pictures") { Description = "How many, each of its own prompt and seed.", DefaultValueFactory = _ => 64 };
        var sampler = new Option<string?>("--sampler") { Description = "Its name; the model's own where it is left out." };
        var steps = new Option<int>("--steps") { Description = "Of every picture.", DefaultValueFactory = _ => 20 };
        var cacheOnly = new Option<bool>("--cache-only") { Description = "The cache's thresholds alone." };
        var strip = new Option<string?>("--strip") { Description = "A file that one prompt is drawn to, by growing thresholds." };
        var command = new RootCommand("What asking the network less costs and saves, on the starter.") { pictures, sampler, steps, cacheOnly, strip };
        command.SetAction(async (parsed, _) =>
        {
            using var host = EngineShare.Build();
            await host.StartAsync(CancellationToken.None);
            using var maker = new PictureMaker(host.Services.GetRequiredService<IGenerationQueue>(), host.Services.GetRequiredService<IArtifactStore>());
            var plain = Plain(parsed.GetValue(steps), parsed.GetValue(sampler));
            IReadOnlyList<SavingVariant> variants = parsed.GetValue(cacheOnly)
                ? [SavingVariant.All(plain.Steps)[0], .. SavingVariant.Cached]
                : SavingVariant.All(plain.Steps);
            if (parsed.GetValue(strip) is { } path) await DrawAsync(maker, plain, path);
            else await CompareAsync(maker, plain, variants, parsed.GetValue(pictures));
            await host.StopAsync(CancellationToken.None);
            return 0;
        });
        return command;
    }

    private static GenerationRequest Plain(int steps, string? sampler) => new()
    {
        PromptStyle = PromptStyle.Plain,
        Task = GenerationTask.Txt2img, Model = "starter", Prompt = "", Width = 64, Height = 64, Steps = steps, GuidanceScale = 2.5, Seed = 0, Sampler = sampler,
    };

    private static async Task CompareAsync(PictureMaker maker, GenerationRequest plain, IReadOnlyList<SavingVariant> variants, int count)
    {
        var figures = variants.Select(_ => new Figures()).ToArray();
        for (int i = 0; i < 4; i++) await maker.MakeAsync(plain with { Prompt = Things[i] }); // compilers, and what calls cost
        for (int i = 0; i < count; i++)
        {
            var request = plain with { Prompt = Things[i % Things.Length] + Places[i / Things.Length % Places.Length], Seed = i };
            var made = new Made[variants.Count];
            for (int turn = 0; turn < variants.Count; turn++)
            {
                int variant = (turn + i) % variants.Count; // none is always first
                made[variant] = await maker.MakeAsync(variants[variant].Change(request));
            }
            for (int variant = 0; variant < made.Length; variant++)
                figures[variant].Add(made[variant], PictureDistance.Of(made[0].Picture, made[variant].Picture), made[0]);
        }
        Console.WriteLine($"{count} pictures of 64x64, {plain.Steps} steps, sampler {plain.Sampler ?? "of the model"}");
        Console.WriteLine("| | PSNR dB, median | worst of 10 | SSIM, median | network rows saved | seconds saved |");
        Console.WriteLine("|---|---|---|---|---|---|");
        for (int variant = 0; variant < variants.Count; variant++) Console.WriteLine($"| {variants[variant].Name} | {figures[variant].Line()} |");
    }

    /// <summary>One prompt by growing thresholds, from left to right.</summary>
    private static async Task DrawAsync(PictureMaker maker, GenerationRequest plain, string path)
    {
        const int gap = 4;
        var request = plain with { Prompt = "fox, 3d render, on a light blue background", Seed = 7 };
        var pictures = new List<Picture>();
        foreach (var variant in SavingVariant.Cached)
        {
            var made = await maker.MakeAsync(variant.Change(request));
            Console.WriteLine($"{variant.Name}: {made.Rows} rows");
            pictures.Add(made.Picture);
        }
        int side = 64 * Zoom;
        var sheet = new Picture(pictures.Count * (side + gap) + gap, side + 2 * gap, 3, []);
        sheet = sheet with { Pixels = [.. Enumerable.Repeat((byte)255, sheet.Width * sheet.Height * 3)] };
        for (int i = 0; i < pictures.Count; i++)
            sheet.Paste(Imaging.Resize.Resampler.Resize(pictures[i], side, side, Imaging.Resize.ResampleFilter.Nearest), gap + i * (side + gap), gap);
        await File.WriteAllBytesAsync(path, PictureEncoder.Encode(sheet, PictureFormat.Png, 90, null));
        Console.WriteLine(path);
    }

    /// <summary>What a variant gave over all pictures.</summary>
    private sealed class Figures
    {
        private readonly List<double> psnr = [], ssim = [], seconds = [], plain = [];
        private long rows, plainRows;

        public void Add(Made made, PictureDistance distance, Made asItIs)
        {
            psnr.Add(distance.Psnr);
            ssim.Add(distance.Ssim);
            seconds.Add(made.Seconds);
            plain.Add(asItIs.Seconds);
            rows += made.Rows;
            plainRows += asItIs.Rows;
        }

        public string Line() => string.Create(CultureInfo.InvariantCulture,
            $"{Db(Share(psnr, 0.5))} | {Db(Share(psnr, 0.1))} | {Share(ssim, 0.5):F4} | {100 * (1 - rows / (double)plainRows):F0} % | "
            + $"{100 * (1 - Share(seconds, 0.5) / Share(plain, 0.5)):F0} %");

        private static string Db(double value) => double.IsInfinity(value) ? "equal" : value.ToString("F1", CultureInfo.InvariantCulture);

        private static double Share(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
    }
}
