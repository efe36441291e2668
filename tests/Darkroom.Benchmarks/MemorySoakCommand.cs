using System.Globalization;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// Servers in control groups of 1.5 and 4 GiB under random requests, for so many minutes each: <c>bench memory 20</c>, or in one of a size in MiB:
/// <c>bench memory 20 1536</c>.
/// </summary>
internal static class MemorySoakCommand
{
    public static async Task<int> RunAsync(double minutes, int? only)
    {
        string models = Directory.CreateTempSubdirectory("darkroom-models-").FullName;
        void Link(string name, params string[] folder) =>
            Directory.CreateSymbolicLink(Path.Combine(models, name), Path.Combine([Repository.Root, .. folder]));
        Link("starter", "models", "starter");
        Link("upscalers", "models", "upscalers");
        foreach (string name in (string[])["sd15-tiny", "sd21-tiny", "sdxl-tiny"]) Link(name, "tests", "conformance", "pipelines", name, "onnx");
        try
        {
            foreach (int limit in only is { } one ? [one] : (int[])[1536, 4096])
            {
                using var group = MemoryGroup.TryCreate((long)limit << 20);
                if (group is null)
                {
                    Console.Error.WriteLine("No control group with a limit of memory can be made here.");
                    return 1;
                }
                await using var server = await StartedServer.StartInAsync(group, models, ("Darkroom__Engine__CallTimeout", "120"));
                var soak = new MemorySoak(server, Jpeg, seed: limit);
                await soak.RunAsync(TimeSpan.FromMinutes(minutes));
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{limit} MiB: peak {group.PeakBytes >> 20} MiB, killed {group.Kills}, exited {server.HasExited}, " +
                    $"resident {server.ResidentBytes >> 20} MiB at the end"));
                foreach (var (answer, count) in soak.Answers.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Console.Out.WriteLine($"  {count} {answer}");
                var small = soak.Small;
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  small: median {small[small.Count / 2]:0.00} s, max {small[^1]:0.00} s"));
            }
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
        return 0;
    }

    private static byte[] Jpeg(int side) => PictureEncoder.Encode(Picture.Blank(side, side, 3), PictureFormat.Jpeg, 90, null);
}
