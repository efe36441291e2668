namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A sampler all of whose calls lie in a table made beforehand, one entry per call, as diffusers' <c>set_timesteps</c> makes it.</summary>
/// <param name="timesteps">One per call.</param>
/// <param name="sigmas">As diffusers lists them; empty where the class has none.</param>
/// <param name="steps">Steps as the caller counts them.</param>
internal abstract class TableSampler(double[] timesteps, double[] sigmas, int steps) : ISampler
{
    public IReadOnlyList<double> Timesteps => timesteps;

    public IReadOnlyList<double> Sigmas => sigmas;

    public int Steps => steps;

    public virtual int CallsPerStep => 1;

    public virtual double InitialScale => 1;

    public abstract int SlotCount { get; }

    public abstract void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index);

    public virtual (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => null;

    public bool Next(SamplerState state, out EvaluationPoint point)
    {
        int index = state.Index;
        if (index >= timesteps.Length)
        {
            point = default;
            return false;
        }
        point = new(StepOf(index), timesteps[index], InputScale(index), Level(index));
        return true;
    }

    public abstract void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise);

    /// <summary>The user's step that a call belongs to.</summary>
    protected virtual int StepOf(int index) => index / CallsPerStep;

    /// <summary>Factor on the latents before the network sees them.</summary>
    protected virtual double InputScale(int index) => 1;

    /// <summary>Noise level of the point that the call evaluates.</summary>
    protected abstract double Level(int index);
}
