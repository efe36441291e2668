namespace Darkroom.Diffusion.Samplers;

/// <summary>One evaluation of the network that a sampler asks for.</summary>
/// <param name="Step">Zero-based step of the whole schedule that this call belongs to (a Heun step makes two calls).</param>
/// <param name="Timestep">What the network is told, in training timesteps; fractional where the sampler's timesteps are.</param>
/// <param name="InputScale">The network's input is the row's latents times this.</param>
/// <param name="Sigma">Noise level of the evaluated point, in the sampler's own units; for reports, never for the update.</param>
public readonly record struct SamplerCall(int Step, double Timestep, double InputScale, double Sigma);
