using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>The path that a row's SDE sampler follows: its seed, and the range of noise levels it is laid over.</summary>
/// <param name="Seed">Seed of the tree.</param>
/// <param name="SigmaMin">Smallest positive noise level (<see cref="ISampler.BrownianRange"/>).</param>
/// <param name="SigmaMax">Largest noise level.</param>
/// <param name="Generator">What its nodes draw from; null: the row's kind of generator, as torchsde does on the device that the latents are on.</param>
public readonly record struct BrownianPath(ulong Seed, double SigmaMin, double SigmaMax, NoiseGenerator? Generator = null);

/// <summary>All that a row's noise needs to go on elsewhere: plain, small and serialisable.</summary>
public sealed record RowNoiseState(NoisePosition Position, BrownianPath? Brownian, StartingNoise? Starting = null);

/// <summary>
/// A row's own noise. Its draws come from the row's generator in the order in which the row asks, so they do not depend on who shares its batch.
/// </summary>
/// <param name="generator">The row's generator, used by nobody else.</param>
/// <param name="brownian">Where increments come from; null: an increment is the generator's next draw.</param>
/// <param name="starting">What becomes of the first noise; null: it is the generator's next draw too.</param>
public sealed class RowNoise(INormalGenerator generator, BrownianPath? brownian = null, StartingNoise? starting = null) : INoiseSource
{
    private INormalGenerator generator = generator;
    private StartingNoise? starting = starting;
    private BrownianTree? tree;

    public void First(Span<float> destination, LatentShape shape)
    {
        if (starting is null)
        {
            generator.Normal(destination);
            return;
        }
        starting.Draw(destination, shape, generator);
        if (starting.Later is { } later) generator = SeededNoise.Restore(later);
        starting = null;
    }

    public void Normal(Span<float> destination) => generator.Normal(destination);

    public void Increment(double sigma, double sigmaNext, Span<float> destination)
    {
        if (brownian is not { } path)
        {
            generator.Normal(destination);
            return;
        }
        // The length is known at the first increment, and a row that never asks pays nothing.
        tree ??= new BrownianTree(path.Generator ?? generator.Position.Generator, path.Seed, path.SigmaMin, path.SigmaMax, destination.Length);
        tree.UnitNoise(sigma, sigmaNext, destination);
    }

    /// <summary>The tree is not part of it: its nodes follow from seed and range.</summary>
    public RowNoiseState Save() => new(generator.Position, brownian, starting);

    /// <summary>The row's noise from the kept state on: the next values are those that the saved one would have given.</summary>
    public static RowNoise Restore(RowNoiseState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new RowNoise(SeededNoise.Restore(state.Position), state.Brownian, state.Starting);
    }
}
