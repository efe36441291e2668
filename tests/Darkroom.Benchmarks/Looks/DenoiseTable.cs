using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Diffusion.Noise;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Looks;

/// <summary>PSNR of 64 starter pictures with noise, and of what takes it out.</summary>
internal static class DenoiseTable
{
    private static readonly double[] Levels = [0.02, 0.05, 0.1, 0.2, 0.3];

    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        var starter = new StarterPictures(server);
        var pictures = new List<(string Concept, Picture Picture)>();
        for (int i = 0; i < 64; i++)
        {
            string concept = StarterPictures.Concepts[i % StarterPictures.Concepts.Length];
            pictures.Add((concept, await starter.MakeAsync(concept, 100 + i)));
        }
        Console.WriteLine("| noise | with it | median 3 × 3 | bilateral | 1 step | 1 step, with the prompt | 1 step, noise estimated | 8 steps | estimate |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (double level in Levels)
        {
            var sums = new double[8];
            for (int i = 0; i < pictures.Count; i++)
            {
                var (concept, picture) = pictures[i];
                var noisy = Noisy(picture, level, (ulong)i);
                string image = StarterPictures.Encoded(noisy);
                async Task<(Picture Picture, double Noise)> CleanAsync(JsonObject options)
                {
                    options["image"] = image;
                    options["seed"] = 1;
                    var answer = await starter.PostAsync("denoise", options);
                    return (PictureDecoder.Decode(Convert.FromBase64String((string)answer["images"]![0]!["data"]!)), (double)answer["noise"]!["deviation"]!);
                }
                var estimated = await CleanAsync([]);
                double[] row =
                [
                    Psnr(picture, noisy), Psnr(picture, Median(noisy)), Psnr(picture, Bilateral(noisy, level)),
                    Psnr(picture, (await CleanAsync(new() { ["noise"] = level })).Picture),
                    Psnr(picture, (await CleanAsync(new() { ["noise"] = level, ["prompt"] = $"{concept}, 3d render" })).Picture),
                    Psnr(picture, estimated.Picture),
                    Psnr(picture, (await CleanAsync(new() { ["noise"] = level, ["steps"] = 8 })).Picture),
                    estimated.Noise,
                ];
                for (int k = 0; k < sums.Length; k++) sums[k] += row[k] / pictures.Count;
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {level} | {string.Join(" | ", sums.Take(7).Select(one => one.ToString("F1", CultureInfo.InvariantCulture)))} "
                + $"| {sums[7]:F3} |"));
        }
    }

    /// <summary>Three pictures at two levels: as they were, with noise, and what one and eight steps make of them.</summary>
    public static async Task DrawAsync(string file)
    {
        await using var server = await StartedServer.StartAsync();
        var starter = new StarterPictures(server);
        const int Side = 64, Gap = 4, Columns = 4;
        string[] concepts = ["apple", "fox", "rocket"];
        int width = 2 * (Columns * (Side + Gap) + Gap), height = concepts.Length * (Side + Gap) + Gap;
        byte[] sheet = [.. Enumerable.Repeat((byte)255, 4 * width * height * 3)];
        for (int row = 0; row < concepts.Length; row++)
            for (int half = 0; half < 2; half++)
            {
                var picture = await starter.MakeAsync(concepts[row], 7);
                var noisy = Noisy(picture, half == 0 ? 0.1 : 0.2, 1);
                var shown = new List<Picture> { picture, noisy };
                foreach (int steps in (int[])[1, 8])
                {
                    var answer = await starter.PostAsync("denoise", new() { ["image"] = StarterPictures.Encoded(noisy), ["steps"] = steps, ["seed"] = 1 });
                    shown.Add(PictureDecoder.Decode(Convert.FromBase64String((string)answer["images"]![0]!["data"]!)));
                }
                for (int column = 0; column < shown.Count; column++)
                    for (int i = 0; i < 4 * Side * Side * 3; i++)
                    {
                        int y = i / 3 / (2 * Side), x = i / 3 % (2 * Side); // twice as large
                        int left = 2 * ((half * Columns + column) * (Side + Gap) + Gap + half * Gap), top = 2 * (row * (Side + Gap) + Gap);
                        sheet[((top + y) * 2 * width + left + x) * 3 + i % 3] = shown[column].Pixels[(y / 2 * Side + x / 2) * 3 + i % 3];
                    }
            }
        File.WriteAllBytes(file, PictureEncoder.Encode(new Picture(2 * width, 2 * height, 3, sheet), PictureFormat.Png, 90, null));
    }

    private static Picture Noisy(Picture picture, double level, ulong seed)
    {
        var noise = new float[picture.Pixels.Length];
        SeededNoise.Create(NoiseGenerator.TorchCpu, seed).Normal(noise);
        return new(picture.Width, picture.Height, picture.Channels,
            [.. picture.Pixels.ToArray().Select((value, i) => (byte)Math.Clamp(Math.Round(value + 255 * level * noise[i]), 0, 255))]);
    }

    private static double Psnr(Picture one, Picture other)
    {
        double sum = 0;
        for (int i = 0; i < one.Pixels.Length; i++) sum += Math.Pow(one.Pixels[i] - other.Pixels[i], 2);
        return 10 * Math.Log10(255 * 255 / Math.Max(sum / one.Pixels.Length, 1e-9));
    }

    private static Picture Median(Picture picture) => Filtered(picture, 1, (values, _) => values.Order().ElementAt(values.Count / 2));

    /// <summary>Tomasi and Manduchi 1998: a window of 5 × 5, 1.5 pixels wide, and three times the noise wide in the values.</summary>
    private static Picture Bilateral(Picture picture, double level)
    {
        double reach = 3 * 255 * level;
        return Filtered(picture, 2, (values, distances) =>
        {
            double centre = values[values.Count / 2], sum = 0, weights = 0;
            if (values.Count < 25) centre = values[distances.ToList().IndexOf(0)];
            for (int i = 0; i < values.Count; i++)
            {
                double weight = Math.Exp(-distances[i] / (2 * 1.5 * 1.5) - Math.Pow((values[i] - centre) / reach, 2) / 2);
                sum += weight * values[i];
                weights += weight;
            }
            return sum / weights;
        });
    }

    private static Picture Filtered(Picture picture, int radius, Func<List<double>, List<double>, double> filter)
    {
        var result = new byte[picture.Pixels.Length];
        var (values, distances) = (new List<double>(), new List<double>());
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < picture.Width; x++)
                for (int channel = 0; channel < picture.Channels; channel++)
                {
                    values.Clear();
                    distances.Clear();
                    for (int v = Math.Max(0, y - radius); v <= Math.Min(picture.Height - 1, y + radius); v++)
                        for (int u = Math.Max(0, x - radius); u <= Math.Min(picture.Width - 1, x + radius); u++)
                        {
                            values.Add(picture.Pixels[(v * picture.Width + u) * picture.Channels + channel]);
                            distances.Add((v - y) * (v - y) + (u - x) * (u - x));
                        }
                    result[(y * picture.Width + x) * picture.Channels + channel] = (byte)Math.Round(filter(values, distances));
                }
        return new(picture.Width, picture.Height, picture.Channels, result);
    }
}
