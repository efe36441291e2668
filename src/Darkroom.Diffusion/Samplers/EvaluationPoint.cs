namespace Darkroom.Diffusion.Samplers;

/// <summary>The point at which a sampler wants the denoiser evaluated.</summary>
/// <param name="Step">Zero-based step of the whole schedule that it belongs to (a Heun step has two).</param>
/// <param name="Timestep">What the network is told, in training timesteps; fractional where the sampler's timesteps are.</param>
/// <param name="InputScale">The network's input is the row's latents times this.</param>
/// <param name="Sigma">Noise level of the point, in the sampler's own units; for reports, never for the update.</param>
public readonly record struct EvaluationPoint(int Step, double Timestep, double InputScale, double Sigma);
