using System.CommandLine;
using System.Diagnostics;
using Darkroom.Benchmarks.Sessions;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>How far pictures of a quantised network are from those of float32, and what each takes, by turns in one process.</summary>
internal static class PrecisionCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("precision") { Description = "int8 or int4." };
        var pictures = new Option<int>("--pictures") { Description = "Of the starter; 0: none.", DefaultValueFactory = _ => 32 };
        var side = new Option<int>("--side") { Description = "Pixels of what upscalers are given; 0: none.", DefaultValueFactory = _ => 96 };
        var command = new Command("precision", "Compares pictures and upscaled pictures with those of float32.") { kind, pictures, side };
        command.SetAction(parsed =>
        {
            var precision = WeightPrecisions.Find(parsed.GetValue(kind)!) ?? throw new ArgumentException("a precision is auto, fp32, fp16, int8 or int4");
            if (parsed.GetValue(pictures) is > 0 and var count) Starter(precision, count);
            if (parsed.GetValue(side) is > 0 and var size) Upscalers(precision, size);
        });
        return command;
    }

    private static void Starter(WeightPrecision precision, int count)
    {
        string folder = Path.Combine(Repository.Root, "models", "starter");
        using var whole = ModelFolder.Load(folder, new SessionSettings { Precision = WeightPrecision.Float32 });
        using var quantised = ModelFolder.Load(folder, new SessionSettings { Precision = precision });
        List<double> ratios = [], times = [];
        for (int i = 0; i < count; i++)
        {
            long began = Stopwatch.GetTimestamp();
            byte[] one = StarterPicture.Draw(whole, i);
            double first = Stopwatch.GetElapsedTime(began).TotalSeconds;
            began = Stopwatch.GetTimestamp();
            byte[] other = StarterPicture.Draw(quantised, i);
            times.Add(first / Stopwatch.GetElapsedTime(began).TotalSeconds);
            ratios.Add(StarterPicture.Ratio(one, other));
        }
        Say($"starter, {precision.Word()}, {count} pictures of 20 guided steps: {ratios.Average():F1} dB on average, {ratios.Min():F1} at worst; " +
            $"{Middle.Of(times).Median:F2} times the speed");
    }

    private static void Upscalers(WeightPrecision precision, int side)
    {
        var catalog = new UpscalerCatalog(Path.Combine(Repository.Root, "models"));
        foreach (var description in catalog.All)
        {
            string path = Path.Combine(Repository.Root, "models", UpscalerCatalog.FolderName, description.Id + ".onnx");
            using var whole = Upscaler.Load(path, description, new SessionSettings());
            using var quantised = Upscaler.Load(path, description, new SessionSettings { Precision = precision });
            var tiling = new UpscaleTiling(description.Tile, description.Overlap);
            List<double> ratios = [], times = [], seconds = [];
            foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "conformance", "starter"), "*.png").Order().Take(4))
            {
                var picture = Resampler.Resize(PictureDecoder.Decode(File.ReadAllBytes(file)), side, side);
                long began = Stopwatch.GetTimestamp();
                var one = UpscaleAlone.Run(whole, picture, whole.Traits.Scale, tiling);
                double first = Stopwatch.GetElapsedTime(began).TotalSeconds;
                began = Stopwatch.GetTimestamp();
                var other = UpscaleAlone.Run(quantised, picture, whole.Traits.Scale, tiling);
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds / (other.Width * (double)other.Height / 1e6));
                times.Add(first * 1e6 / (other.Width * (double)other.Height) / seconds[^1]);
                ratios.Add(StarterPicture.Ratio(one.Pixels, other.Pixels));
            }
            Say($"{description.Id}, {precision.Word()}: {ratios.Average():F1} dB on average, {ratios.Min():F1} at worst; " +
                $"{Middle.Of(seconds).Median:F2} s/MP, {Middle.Of(times).Median:F2} times the speed");
        }
    }

    private static void Say(string line) => Console.WriteLine(line);
}
