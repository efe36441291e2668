namespace Darkroom.Diffusion.Samplers;

/// <summary>A sampler, and the index in its timesteps at which a run begins.</summary>
public readonly record struct SamplerStart(ISampler Sampler, int Begin);
