using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Stages;

/// <summary>The noise of a row: which generators it draws from, and in which order.</summary>
internal static class NoiseOfRow
{
    /// <param name="request">The request.</param>
    /// <param name="index">Which picture of it.</param>
    /// <param name="model">Its model.</param>
    /// <param name="sampler">Its sampler.</param>
    public static RowNoise Make(GenerationRequest request, int index, ModelDescription model, ISampler sampler)
    {
        ulong seed = (ulong)request.SeedOf(index);
        bool comfy = request.Compatibility == Compatibility.Comfyui;
        var kind = KindOf(request.NoiseSource);
        // ComfyUI draws starting noise and Brownian trees on the CPU, whatever its device.
        var first = new NoisePosition(comfy ? NoiseGenerator.TorchCpu : kind, seed);
        var starting = new StartingNoise
        {
            Seed = first,
            Variation = request.VariationSeedOf(index) is { } other ? new((ulong)other, request.VariationStrength) : null,
            ResizedFrom = request.SeedResize is { } known ? model.LatentsOf(known.X, known.Y) : null,
            Later = LaterOf(request, seed, kind),
        };
        var (min, max) = sampler.BrownianRange;
        return new RowNoise(
            SeededNoise.Restore(first),
            // Samplers without noise levels never ask for an increment.
            max > 0 ? new BrownianPath(seed, min, max, comfy ? NoiseGenerator.TorchCpu : null) : null,
            starting is { Variation: null, ResizedFrom: null, Later: null } ? null : starting);
    }

    /// <summary>The noise of the picture's seed from its first value, which A1111 fills a mask with.</summary>
    public static NoisePosition SeedOf(GenerationRequest request, int index) =>
        new(request.Compatibility == Compatibility.Comfyui ? NoiseGenerator.TorchCpu : KindOf(request.NoiseSource), (ulong)request.SeedOf(index));

    /// <summary>
    /// Where draws after the first come from; null: the same stream. ComfyUI's samplers have a generator of their own on the device, which begins with the
    /// seed, and with the next one where the device is the CPU that starting noise was drawn on.
    /// </summary>
    private static NoisePosition? LaterOf(GenerationRequest request, ulong seed, NoiseGenerator kind)
    {
        ulong offset = (ulong)request.NoiseSeedOffset;
        if (request.Compatibility == Compatibility.Comfyui) return new(kind, seed + offset + (kind == NoiseGenerator.TorchCpu ? 1UL : 0));
        return offset == 0 ? null : new(kind, seed + offset);
    }

    private static NoiseGenerator KindOf(NoiseSource source) => source == NoiseSource.TorchCuda ? NoiseGenerator.TorchCuda : NoiseGenerator.TorchCpu;
}
