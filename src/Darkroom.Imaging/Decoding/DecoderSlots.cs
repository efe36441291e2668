namespace Darkroom.Imaging.Decoding;

/// <summary>At most as many pictures are decoded at once as there are cores: more would not be faster, only larger.</summary>
internal static class DecoderSlots
{
    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    /// <summary>False where none came free in time; <see cref="Leave"/> must follow a true.</summary>
    public static bool Enter(TimeSpan wait, CancellationToken cancellation) => Free.Wait(wait, cancellation);

    public static void Leave() => Free.Release();
}
