using System.Diagnostics;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// Seconds for each output megapixel and the peak of resident memory, for every upscaler that ships. The pictures are left in <c>artifacts/upscale</c> to be
/// looked at.
/// </summary>
internal static class UpscaleCost
{
    /// <summary>Sides that go in: the small networks make 4096 x 4096 pixels, the deep ones what a processor can do in a minute.</summary>
    private static readonly (string Id, int Side)[] Runs =
        [("realesr-animevideov3-x4", 64), ("realesr-animevideov3-x4", 1024), ("realesr-animevideov3-x2", 512), ("realesrgan-x4plus-anime", 256),
            ("realesrgan-x4plus", 96)];

    /// <param name="only">Which of the runs, from 0; null for all. Memory that one run leaves behind counts for the next, so what is quoted comes from a
    /// process of its own.</param>
    public static void Run(int? only)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "upscale")).FullName;
        var catalog = new UpscalerCatalog(Path.Combine(Repository.Root, "models"));
        byte[] apple = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "conformance", "starter", "0-ddim.png"));
        var small = PictureDecoder.Decode(apple);
        PictureEncoder.Encode(small, PictureFormat.Png, 90, null);
        foreach (var (id, side) in only is { } one ? Runs[one..(one + 1)] : Runs)
        {
            if (catalog.Find(id) is not { } description) continue;
            var picture = Resampler.Resize(small, side, side);
            GC.Collect();
            ResetPeak();
            double idle = Resident("VmRSS");
            using var upscaler = Upscaler.Load(Path.Combine(Repository.Root, "models", UpscalerCatalog.FolderName, id + ".onnx"), description,
                new SessionSettings());
            double loaded = Resident("VmRSS");
            long started = Stopwatch.GetTimestamp();
            var larger = UpscaleAlone.Run(upscaler, picture, upscaler.Traits.Scale, new UpscaleTiling(description.Tile, description.Overlap));
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, worked = Resident("VmHWM");
            File.WriteAllBytes(Path.Combine(folder, $"{id}-{side}.png"), PictureEncoder.Encode(larger, PictureFormat.Png, 90, null));
            Console.WriteLine(
                $"{id} {side} -> {larger.Width}: {seconds:F1} s, {seconds / (larger.Width * (double)larger.Height / 1e6):F2} s/MP; above idle: loaded " +
                $"{loaded - idle:F0} MiB, peak {worked - idle:F0} MiB, with the PNG {Resident("VmHWM") - idle:F0} MiB");
        }
    }

    private static double Resident(string field) => File.ReadLines("/proc/self/status").Where(line => line.StartsWith(field + ":", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(':')[1].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1024).First();

    // 5 sets VmHWM back to what is resident now (proc(5)).
    private static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");
}
