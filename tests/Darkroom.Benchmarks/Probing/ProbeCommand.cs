using System.Diagnostics;
using Darkroom.Diffusion.Attention;
using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Probing;

/// <summary>
/// What the starter's layers know of 20 things that it draws: pictures of each, split in two; a picture of the second half counts as right where the mean of
/// the first half's features that is nearest is that of its own thing. And what a step costs whose attention is observed.
/// </summary>
internal static class ProbeCommand
{
    private const int Pictures = 8, Timed = 60;

    private static readonly string[] Subjects =
    [
        "red apple", "fox", "cup of coffee", "sailing boat", "yellow car", "owl", "house", "guitar", "banana", "cat", "robot", "rocket", "cactus", "mushroom",
        "camera", "book", "clock", "umbrella", "pumpkin", "lighthouse",
    ];

    private static readonly string[] Layers = ["conv_in", "down_blocks.0", "down_blocks.1", "mid_block", "up_blocks.0", "up_blocks.1"];
    private static readonly int[] Timesteps = [1, 51, 261, 501, 761];

    public static void Run()
    {
        using var model = ModelFolder.Load(Path.Combine(Repository.Root, "models", "starter"), new SessionSettings { Threads = 2 });
        Cost(model);
        float[][] latents = [.. Subjects.SelectMany((subject, at) => Enumerable.Range(0, Pictures).Select(picture => Encoded(model, subject,
            1000 * at + picture)))];
        using var observed = model.With([], observed: new(false, Layers));
        Console.WriteLine($"{Subjects.Length} things, {Pictures} pictures of each, half of them for the means; right of {latents.Length / 2}, %");
        Console.WriteLine($"{"layer",-16}{string.Concat(Timesteps.Select(timestep => $"{$"t = {timestep}",10}"))}");
        float[][][][] features = [.. Timesteps.Select(timestep => latents.Select((one, index) => Read(observed.Model, one, timestep, index)).ToArray())];
        for (int layer = 0; layer < Layers.Length; layer++)
            Console.WriteLine($"{Layers[layer],-16}{string.Concat(features.Select(at => $"{Right([.. at.Select(picture => picture[layer])]),10:0}"))}");
    }

    /// <summary>A picture of it, in 8 bits, as the encoder sees it.</summary>
    private static float[] Encoded(IDiffusionModel model, string subject, int seed)
    {
        var (width, height, values) = StarterPicture.Draw(model, subject + ", 3d render", seed);
        var latents = new float[model.Description.LatentsOf(width, height).Length];
        model.Encoder!.Encode(width, height, [Array.ConvertAll(values, value => value / 127.5f - 1)], RunWidth.Wide)[0].Likeliest(latents);
        return latents;
    }

    /// <summary>The mean of each layer over the picture, of length 1.</summary>
    private static float[][] Read(IDiffusionModel model, float[] latents, int timestep, int seed)
    {
        var level = TrainingLevels.Of(model.Description.SamplerClass, model.Description.SamplerConfig)[timestep];
        float[] noised = new float[latents.Length], output = new float[latents.Length];
        new TorchCpuGenerator((ulong)seed).Normal(noised);
        level.Noised(noised, latents, noised);
        var found = new float[Layers.Length][];
        DenoiserRow[] rows =
        [
            new(noised, 1, level.Timestep, StarterPicture.Encode(model, [""])[0], output)
            {
                Observer = (index, sides, values) => found[index] = Pooled(sides[0], values),
            },
        ];
        model.Denoiser.Run(model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize), rows, RunWidth.Wide);
        return found;
    }

    private static float[] Pooled(int channels, ReadOnlySpan<float> values)
    {
        var means = new float[channels];
        int cells = values.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            foreach (float value in values.Slice(channel * cells, cells)) means[channel] += value / cells;
        float length = MathF.Sqrt(means.Sum(mean => mean * mean));
        return [.. means.Select(mean => mean / length)];
    }

    private static double Right(float[][] features)
    {
        const int half = Pictures / 2;
        float[][] means = [.. Subjects.Select((_, thing) => Enumerable.Range(0, features[0].Length)
            .Select(channel => Enumerable.Range(0, half).Average(picture => features[thing * Pictures + picture][channel])).ToArray())];
        int right = 0;
        for (int thing = 0; thing < Subjects.Length; thing++)
            for (int picture = half; picture < Pictures; picture++)
                if (Enumerable.Range(0, Subjects.Length).MinBy(other => Distance(features[thing * Pictures + picture], means[other])) == thing) right++;
        return 100.0 * right / (Subjects.Length * half);
    }

    private static double Distance(float[] one, float[] other) => one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum();

    /// <summary>Calls of a guided pair as they are and observed in turn, so that the machine's other work falls on both.</summary>
    private static void Cost(IDiffusionModel model)
    {
        using var variant = model.With([], observed: Observation.OfAttention);
        string[] words = ["red apple"];
        var read = model.Tokenize([new PromptText("a red apple")], TextReading.Plain)[0];
        var (places, maps) = (model.Locate(read, words)!, new WordMaps(words.Length));
        var texts = StarterPicture.Encode(model, ["", "a red apple"]);
        var shape = model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);
        float[] latents = new float[shape.Length];
        new TorchCpuGenerator(1).Normal(latents);
        DenoiserRow[] plain = [.. texts.Select(text => new DenoiserRow(latents, 1, 500, text, new float[shape.Length]))];
        DenoiserRow[] asking = [plain[0], plain[1] with { Observer = (_, sides, values) => maps.Add(values, sides[^1], shape.Height, shape.Width, places) }];
        var (without, with) = (new List<double>(), new List<double>());
        for (int i = 0; i < Timed; i++)
        {
            without.Add(Milliseconds(() => model.Denoiser.Run(shape, plain, RunWidth.Wide)));
            with.Add(Milliseconds(() => variant.Model.Denoiser.Run(shape, asking, RunWidth.Wide)));
        }
        Console.WriteLine($"a step of a guided picture: {Median(without):0.00} ms, with explain {Median(with):0.00} ms; medians of {Timed}");
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double Milliseconds(Action run)
    {
        long started = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
