namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// A step rule with its tables worked out for one count of steps. It is immutable and shared by every row with the same settings; all that
/// changes lies in the row's <see cref="SamplerState"/>, latents and noise source, so a row may pause, move or change its batch between any
/// two calls. The loop is: <c>Start</c>, then while <c>Next</c> says so: evaluate the network on latents · InputScale, <c>Advance</c>.
/// </summary>
public interface ISampler
{
    /// <summary>The timestep of every call, in order, for a run from the start. Samplers that choose their points while running list none.</summary>
    IReadOnlyList<double> Timesteps { get; }

    /// <summary>Noise levels as diffusers or k-diffusion list them, last one included; empty where the rule has no such table.</summary>
    IReadOnlyList<double> Sigmas { get; }

    /// <summary>Steps of the whole schedule, as the caller counts them.</summary>
    int Steps { get; }

    /// <summary>Entries of <see cref="Timesteps"/> per step: 2 for Heun and the like (diffusers' <c>order</c>), else 1.</summary>
    int CallsPerStep { get; }

    /// <summary>Unit noise is multiplied by this to make the starting latents (diffusers' <c>init_noise_sigma</c>).</summary>
    double InitialScale { get; }

    /// <summary>Buffers of the latents' length that a row keeps between calls. Slot 0 is always the last call's denoised prediction.</summary>
    int SlotCount { get; }

    /// <summary>Numbers that a row keeps between calls.</summary>
    int ScalarCount => 0;

    /// <summary>Range of noise levels over which a Brownian tree is laid: smallest positive and largest.</summary>
    (double Min, double Max) BrownianRange
    {
        get
        {
            double min = double.PositiveInfinity, max = 0;
            foreach (double sigma in Sigmas)
            {
                if (sigma > 0 && sigma < min) min = sigma;
                if (sigma > max) max = sigma;
            }
            return (min, max);
        }
    }

    /// <summary>
    /// Turns clean latents into what the call at <paramref name="index"/> of <see cref="Timesteps"/> expects to find (img2img, inpaint):
    /// latents ← signal · latents + level · noise.
    /// </summary>
    void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index);

    /// <summary>As <see cref="AddNoise"/>, to the very point that is evaluated, churn included.</summary>
    /// <param name="point">What <see cref="Next"/> named.</param>
    /// <param name="state">The row's state at that point.</param>
    /// <param name="latents">In: clean. Out: at the point's level.</param>
    /// <param name="noise">Unit noise, same length.</param>
    void AddNoiseAt(in EvaluationPoint point, SamplerState state, Span<float> latents, ReadOnlySpan<float> noise) =>
        AddNoise(latents, noise, state.Index);

    /// <summary>
    /// The factors by which the denoised prediction is made of an answer at a point: Skip · latents + Out · output, before it is clipped. Null where a rule
    /// has no such pair.
    /// </summary>
    (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => null;

    /// <summary>Before the first call: rules that disturb the latents ahead of a step (k-diffusion's churn) do so here.</summary>
    void Start(SamplerState state, Span<float> latents, INoiseSource noise) { }

    /// <summary>The evaluation wanted now, or false when the latents are the result.</summary>
    bool Next(SamplerState state, out EvaluationPoint point);

    /// <summary>
    /// Takes the network's answer to the call that <see cref="Next"/> named and moves the latents to the point of the next call.
    /// Draws are taken from <paramref name="noise"/> exactly where and in the order that the reference takes them.
    /// </summary>
    /// <param name="state">The row's state; its index moves on by one.</param>
    /// <param name="output">The network's raw output after guidance, same length as <paramref name="latents"/>.</param>
    /// <param name="latents">In: the evaluated point. Out: the next one, or the result.</param>
    /// <param name="noise">The row's own noise.</param>
    void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise);
}
