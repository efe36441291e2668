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
internal abstract class ExponentialIntegrator(SolverTables tables, int depth, bool predictsNoise) : ISampler
{
    public IReadOnlyList<double> Timesteps => tables.Timesteps;

    public IReadOnlyList<double> Sigmas => tables.Sigmas;

    public int Steps => tables.Timesteps.Length;

    public int CallsPerStep => 1;

    public double InitialScale => tables.InitialScale;

    public int SlotCount => FirstOwnSlot + OwnSlots;

    /// <summary>Slots that the rule keeps beyond x₀ and the past model values.</summary>
    protected abstract int OwnSlots { get; }

    protected int FirstOwnSlot => 1 + depth;

    /// <summary>The level at a point of the schedule, 0…n.</summary>
    protected NoiseLevel Level(int index) => tables.Levels[index];

    public virtual void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index) =>
        Latents.Combine(latents, Level(index).Alpha, latents, Level(index).Sigma, noise);

    public bool Next(SamplerState state, out SamplerCall call)
    {
        int i = state.Index;
        bool more = i < Steps;
        call = more ? new(i, tables.Timesteps[i], tables.InputScales[i], tables.Sigmas[i]) : default;
        return more;
    }

    public void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        Interpret(state, output, latents);
        Move(state, latents, noise);
        state.Index++;
    }

    /// <summary>Takes the latents from the evaluated level to the next; the model values are up to date.</summary>
    protected abstract void Move(SamplerState state, Span<float> latents, INoiseSource noise);

    /// <summary>The model value of this call (0) or of one before it.</summary>
    protected Span<float> Model(SamplerState state, int callsAgo) => state.Slot(1 + (state.Calls - callsAgo) % depth);

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
            var at = Level(state.Index);
            Latents.Combine(model, 1 / at.Sigma, latents, -at.Alpha / at.Sigma, denoised);
        }
    }
}
