using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// What DPM-Solver, UniPC, DEIS and SA-Solver share: one call a step, a table of levels, the network's output turned into a model value
/// (x₀ or ε) that is integrated over λ, and a ring of past model values. Slot 0 is x₀, then come the model values, then the rule's own slots.
/// </summary>
/// <param name="tables">The run's numbers.</param>
/// <param name="depth">Model values that are kept, this call's included.</param>
/// <param name="predictsNoise">Whether the model value is ε rather than x₀.</param>
internal abstract class ExponentialIntegrator(SolverTables tables, int depth, bool predictsNoise)
    : TableSampler(tables.Timesteps, tables.Sigmas, tables.Timesteps.Length)
{
    private readonly SlotRing models = new(First: 1, depth);

    public override double InitialScale => tables.InitialScale;

    public override int SlotCount => FirstOwnSlot + OwnSlots;

    /// <summary>Slots that the rule keeps beyond x₀ and the past model values.</summary>
    protected abstract int OwnSlots { get; }

    protected int FirstOwnSlot => 1 + models.Size;

    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        var level = index == 0 && tables.Start is { } start ? start : At(index);
        Latents.Combine(latents, level.Alpha, latents, level.Sigma, noise);
    }

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) =>
        (tables.Denoised[state.Index].Latents, tables.Denoised[state.Index].Output);

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        Interpret(state, output, latents);
        Move(state, latents, noise);
        state.Index++;
    }

    /// <summary>Takes the latents from the evaluated level to the next; the model values are up to date.</summary>
    protected abstract void Move(SamplerState state, Span<float> latents, INoiseSource noise);

    /// <summary>The model value of this call (0) or of one before it.</summary>
    protected Span<float> Model(SamplerState state, int callsAgo) => models.Entry(state, state.Calls - callsAgo);

    /// <summary>The level at a point of the schedule, 0…n.</summary>
    protected NoiseLevel At(int index) => tables.Levels[index];

    protected override double InputScale(int index) => tables.InputScales[index];

    protected override double Level(int index) => tables.Sigmas[index];

    private void Interpret(SamplerState state, ReadOnlySpan<float> output, ReadOnlySpan<float> latents)
    {
        Span<float> denoised = state.Slot(0), model = Model(state, 0);
        tables.Denoised[state.Index].Apply(denoised, latents, output);
        tables.Thresholding.Apply(denoised);
        if (!predictsNoise)
        {
            denoised.CopyTo(model);
        }
        else if (!tables.Thresholding.Dynamic)
        {
            tables.Noise[state.Index].Apply(model, latents, output);
        }
        else
        {
            var at = At(state.Index);
            Latents.Combine(model, 1 / at.Sigma, latents, -at.Alpha / at.Sigma, denoised);
        }
    }
}
