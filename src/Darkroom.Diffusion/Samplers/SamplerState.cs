namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// All that a row remembers between two calls of its sampler: a position, a few numbers and fixed slots of latents. Plain memory, written and
/// read back by <see cref="SamplerStateFormat"/>; allocated once per row.
/// </summary>
public sealed class SamplerState
{
    private readonly float[] slots;

    /// <param name="sampler">The rule this state is for.</param>
    /// <param name="length">Values in the row's latents.</param>
    /// <param name="begin">First entry of the sampler's timesteps that is run: 0, or later for img2img (steps left out · calls per step).</param>
    public SamplerState(ISampler sampler, int length, int begin = 0)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        Length = length;
        Begin = begin;
        Index = begin;
        slots = new float[checked(sampler.SlotCount * length)];
        Scalars = new double[sampler.ScalarCount];
    }

    /// <summary>Values in the row's latents.</summary>
    public int Length { get; }

    /// <summary>Where this run began in the sampler's timesteps.</summary>
    public int Begin { get; }

    /// <summary>The call that is wanted next, as an index into the sampler's timesteps.</summary>
    public int Index { get; set; }

    /// <summary>Calls made so far in this run.</summary>
    public int Calls => Index - Begin;

    /// <summary>Numbers that the rule keeps; their meaning is the rule's.</summary>
    public double[] Scalars { get; }

    /// <summary>Every slot, one after the other.</summary>
    public Span<float> AllSlots => slots;

    /// <summary>One kept buffer of latents.</summary>
    public Span<float> Slot(int index) => slots.AsSpan(index * Length, Length);

    /// <summary>The denoised latents that the last call predicted; zeros before the first.</summary>
    public Span<float> Denoised => Slot(0);
}
