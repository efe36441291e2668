using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The network that is called at every step.</summary>
public interface IDenoiser : IModelPart
{
    /// <summary>Whether rows of different timesteps may share a call.</summary>
    bool TimestepPerRow { get; }

    /// <summary>Runs rows of one latent shape and one conditioning signature, of one timestep unless <see cref="TimestepPerRow"/>.</summary>
    /// <exception cref="Sessions.GraphException">The graph refused the call, or its answer has another shape than the latents.</exception>
    void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width);
}
