using System.Text.Json;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>The noise of a golden's pictures, drawn as its pipeline drew it.</summary>
internal static class PackNoise
{
    /// <summary>
    /// A generator for each picture, or one for the whole batch. A draw of one that the case lists among draws for all (the posterior of the one picture that
    /// was sent) is made once and shared.
    /// </summary>
    public static INoiseSource[] ForRows(JsonElement json, int pictures, ISampler sampler)
    {
        ulong[] seeds = [.. json.GetProperty("generators").GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64())];
        var (min, max) = sampler.BrownianRange;
        BrownianPath? path = json.GetProperty("scheduler").GetProperty("options").TryGetProperty("noise_sampler_seed", out var seed)
            ? new BrownianPath(seed.GetUInt64(), min, max) : null;
        if (pictures == 1)
            return [new RowNoise(new TorchCpuGenerator(seeds[0]), path)];
        int[] sizes = [.. json.GetProperty("draws").EnumerateArray().Select(draw => draw.GetProperty("shape")[0].GetInt32())];
        // img2img with a list: every generator draws its own picture's posterior, one after the other.
        if (seeds.Length == pictures && sizes.Length >= pictures && sizes.Take(pictures).All(size => size == 1))
            sizes = [pictures, .. sizes.Skip(pictures)];
        var batch = new BatchNoise([.. seeds.Select(one => new TorchCpuGenerator(one))], sizes, pictures);
        return [.. Enumerable.Range(0, pictures).Select(i => (INoiseSource)new Slice(batch, i))];
    }

    /// <summary>The draws of a batch, made when the first picture asks.</summary>
    private sealed class BatchNoise(TorchCpuGenerator[] generators, int[] sizes, int pictures)
    {
        private readonly List<float[][]> draws = [];

        public ReadOnlySpan<float> Draw(int index, int picture, int length)
        {
            if (index == draws.Count) draws.Add(Make(sizes[index], length));
            return draws[index][picture];
        }

        private float[][] Make(int size, int length)
        {
            if (size == 1)
            {
                var shared = Next(generators[0], length);
                return [.. Enumerable.Repeat(shared, pictures)];
            }
            if (generators.Length == pictures)
                return [.. generators.Select(generator => Next(generator, length))];
            var whole = Next(generators[0], length * pictures);
            return [.. Enumerable.Range(0, pictures).Select(i => whole[(i * length)..((i + 1) * length)])];
        }

        private static float[] Next(TorchCpuGenerator generator, int length)
        {
            var draw = new float[length];
            generator.Normal(draw);
            return draw;
        }
    }

    /// <summary>One picture's part of a batch's draws.</summary>
    private sealed class Slice(BatchNoise batch, int picture) : INoiseSource
    {
        private int at;

        public void Normal(Span<float> destination) => batch.Draw(at++, picture, destination.Length).CopyTo(destination);

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => Normal(destination);
    }
}
