namespace Darkroom.Diffusion.Samplers;

/// <summary>The last few buffers of a run, in neighbouring slots that are overwritten in turn.</summary>
/// <param name="First">First slot.</param>
/// <param name="Size">How many are kept.</param>
internal readonly record struct SlotRing(int First, int Size)
{
    /// <summary>The buffer of entry <paramref name="number"/>, counted from 0 over the run; it holds while fewer than Size came after it.</summary>
    public Span<float> Entry(SamplerState state, int number) => state.Slot(First + number % Size);
}
