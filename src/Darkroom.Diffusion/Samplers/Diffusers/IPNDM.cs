using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// The pseudo linear multistep method in Katherine Crowson's improved form: α = cos, σ = sin of an angle, velocity output, slopes of up to four calls.
/// Timesteps lie in 0…1.
/// </summary>
internal sealed class IPNDM : TableSampler
{
    private static readonly SlotRing History = new(2, 4);

    private readonly float[] signals;
    private readonly float[] noises;

    public IPNDM(SamplerConfig config, SamplerRun run)
        : this(Noises(config, run))
    {
    }

    private IPNDM(float[] noises)
        : this(Array.ConvertAll(noises, b => MathF.Sqrt(1 - b * b)), noises)
    {
    }

    private IPNDM(float[] signals, float[] noises)
        : base([.. noises.Zip(signals, (b, a) => (double)(MathF.Atan2(b, a) / MathF.PI * 2)).SkipLast(1)], [], noises.Length - 1)
    {
        this.signals = signals;
        this.noises = noises;
    }

    public override int SlotCount => 2 + History.Size;

    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index) =>
        Latents.Combine(latents, signals[index], latents, noises[index], noise);

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) =>
        (signals[state.Index], -noises[state.Index]);

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double alpha = signals[state.Index], sigma = noises[state.Index];
        double nextAlpha = signals[state.Index + 1], nextSigma = noises[state.Index + 1];
        Latents.Combine(state.Denoised, alpha, latents, -sigma, output);

        int newest = state.Calls;
        Latents.Combine(History.Entry(state, newest), sigma, latents, alpha, output);
        var epsilon = state.Slot(1);
        AdamsBashforth.Slope(epsilon, state, History, newest);

        // x ← (α′/α)·(x − σ·ε) + σ′·ε, with ε = α·output + σ·x carried on by Adams and Bashforth.
        // At the very start α is 0 and x is all noise: the difference is taken first, so that the division finds an exact 0.
        Latents.Add(latents, -sigma, epsilon);
        Latents.Combine(latents, nextAlpha / Math.Max(alpha, 1e-8), latents, nextSigma, epsilon);
        state.Index++;
    }

    protected override double Level(int index) => noises[index];

    /// <summary>sin² of the angle at n + 1 equal places from 1 to 0, or the configuration's own values.</summary>
    private static float[] Noises(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(IPNDM));
        int count = run.Steps + 1;
        if (config.TrainedBetas is { } trained)
            return trained.Length == count
                ? Array.ConvertAll(trained, b => (float)b)
                : throw new NotSupportedException($"IPNDM with {run.Steps} steps needs {count} trained_betas, not {trained.Length}.");
        float[] ramp = Schedules.BetaSchedule.Linspace(1, 0, count);
        return Array.ConvertAll(ramp, r => Schedules.Float32Power.Of(MathF.Sin(r * MathF.PI / 2), 2));
    }
}
