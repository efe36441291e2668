using System.Text.Json;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>The noise of a golden's pictures, drawn as its pipeline drew it.</summary>
internal static class PackNoise
{
    /// <summary>A generator for each picture, or one generator that draws for the whole batch at once.</summary>
    public static INoiseSource[] ForRows(JsonElement generators, JsonElement options, int pictures, ISampler sampler)
    {
        ulong[] seeds = [.. generators.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64())];
        var (min, max) = sampler.BrownianRange;
        BrownianPath? path = options.TryGetProperty("noise_sampler_seed", out var seed) ? new BrownianPath(seed.GetUInt64(), min, max) : null;
        if (seeds.Length == pictures)
            return [.. seeds.Select(one => (INoiseSource)new RowNoise(new TorchCpuGenerator(one), path))];
        var shared = new TorchCpuGenerator(seeds[0]);
        var draws = new List<float[]>();
        return [.. Enumerable.Range(0, pictures).Select(i => (INoiseSource)new Slice(shared, draws, i, pictures))];
    }

    /// <summary>One picture's part of draws that are made for all pictures at once.</summary>
    private sealed class Slice(TorchCpuGenerator generator, List<float[]> draws, int picture, int pictures) : INoiseSource
    {
        private int at;

        public void Normal(Span<float> destination)
        {
            if (at == draws.Count)
            {
                var draw = new float[destination.Length * pictures];
                generator.Normal(draw);
                draws.Add(draw);
            }
            draws[at++].AsSpan(picture * destination.Length, destination.Length).CopyTo(destination);
        }

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => Normal(destination);
    }
}
